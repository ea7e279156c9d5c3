import { formatTracestate, parseTracestate } from '@clew/protocol';
import type { TraceStateMember } from '@clew/protocol';
import type { TraceState } from '@opentelemetry/api';

/**
 * The `tracestate` of spans. It cannot change, so its text is made once: all spans of a trace write it, and all requests to
 * other services carry it.
 */
export class CachedTraceState implements TraceState {
  static readonly empty: CachedTraceState = new CachedTraceState([]);

  readonly #members: readonly TraceStateMember[];
  #text: string | undefined;

  private constructor(members: readonly TraceStateMember[]) {
    this.#members = members;
  }

  /** Empty when the header is malformed. */
  static parse(header: string): CachedTraceState {
    const members = parseTracestate(header);
    return members.length === 0 ? CachedTraceState.empty : new CachedTraceState(members);
  }

  get(key: string): string | undefined {
    return this.#members.find((member) => member.key === key)?.value;
  }

  /** With the entry in front, as W3C wants it of one that was changed; the same when key or value is none. */
  set(key: string, value: string): CachedTraceState {
    const [member, ...others] = parseTracestate(`${key}=${value}`);
    if (member === undefined || others.length > 0) return this;
    return new CachedTraceState([member, ...this.unset(key).#members]);
  }

  unset(key: string): CachedTraceState {
    const members = this.#members.filter((member) => member.key !== key);
    return members.length === this.#members.length ? this : new CachedTraceState(members);
  }

  serialize(): string {
    return (this.#text ??= formatTracestate(this.#members));
  }
}
