/**
 * Tags carry everything that Zipkin's spans have no field for: here they are told apart. What OpenTelemetry's exporters
 * to Zipkin wrote into tags comes back to where it was.
 *
 * https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/zipkin/
 * https://opentelemetry.io/docs/specs/otel/common/mapping-to-non-otlp/
 */
import type { Attribute, AttributeValue, SpanStatus } from '@clew/model';
import { formatScalar } from './format-scalar.ts';
import { RESOURCE_TAGS } from './resource-tags.ts';

/** The tags that have a meaning of their own, or stand where an endpoint's attribute does. */
const MEANINGFUL: ReadonlySet<string> = new Set([
  'span.kind',
  'error',
  'otel.status_code',
  'otel.status_description',
  'w3c.tracestate',
  'otel.scope.name',
  'otel.scope.version',
  'otel.library.name',
  'otel.library.version',
  'otel.dropped_attributes_count',
  'otel.dropped_events_count',
  'otel.dropped_links_count',
  'otlp.service.name.source',
  'peer.service',
  'net.peer.ip',
  'net.peer.port',
]);

/** In front of the number of a link that the Collector's exporter wrote into a tag. */
export const LINK_PREFIX = 'otlp.link.';

const STATUS_CODES: ReadonlyMap<string, SpanStatus> = new Map([
  ['0', 'unset'],
  ['1', 'ok'],
  ['2', 'error'],
  ['UNSET', 'unset'],
  ['OK', 'ok'],
  ['ERROR', 'error'],
  ['STATUS_CODE_UNSET', 'unset'],
  ['STATUS_CODE_OK', 'ok'],
  ['STATUS_CODE_ERROR', 'error'],
]);

/** Values of the tag `error` that only say whether there was one. */
const PLAIN_ERRORS: ReadonlySet<string> = new Set(['', 'true', 'false']);

export interface Status {
  readonly status: SpanStatus;
  readonly statusMessage: string;
}

/** The tags of one span. What is not taken from it is an attribute in the end. */
export class SortedTags {
  readonly resource: Attribute[] = [];
  /** Of links, in the order of the tags. */
  readonly links: Attribute[] = [];
  readonly #attributes: Attribute[] = [];
  /** Those with a meaning; few spans have any. */
  readonly #meaningful = new Map<string, Attribute>();

  constructor(tags: readonly Attribute[]) {
    for (const tag of tags) {
      if (MEANINGFUL.has(tag.key)) this.#meaningful.set(tag.key, tag);
      else if (RESOURCE_TAGS.has(tag.key)) this.resource.push(tag);
      else if (tag.key.startsWith(LINK_PREFIX)) this.links.push(tag);
      else this.#attributes.push(tag);
    }
  }

  /** The attributes of the span, with the tags of a meaning that nobody took. Called once, in the end. */
  finish(): Attribute[] {
    for (const tag of this.#meaningful.values()) this.#attributes.push(tag);
    return this.#attributes;
  }

  add(key: string, value: AttributeValue): void {
    this.#attributes.push({ key, value });
  }

  /** Adds an attribute in the place of a tag. */
  replace(key: string, value: AttributeValue): void {
    this.#meaningful.delete(key);
    this.add(key, value);
  }

  has(key: string): boolean {
    return this.#meaningful.has(key);
  }

  /** Takes a tag's text, if it is there. */
  take(key: string): string | undefined {
    const text = this.#peek(key);
    if (text !== undefined) this.#meaningful.delete(key);
    return text;
  }

  /** Takes the first of two tags that is there. */
  takeEither(key: string, olderKey: string): string {
    const older = this.take(olderKey);
    return this.take(key) ?? older ?? '';
  }

  /** Takes a count, 0 when there is none or what is there is no count. */
  takeCount(key: string): number {
    const text = this.#peek(key);
    if (text === undefined || !/^\d{1,9}$/.test(text)) return 0;
    this.#meaningful.delete(key);
    return Number(text);
  }

  /**
   * Takes the status. The tag `error` makes it an error, unless it says `false`; its text is the message, and it stays
   * an attribute when it says more than `true` and was not written for a status of OpenTelemetry's.
   */
  takeStatus(): Status {
    const code = STATUS_CODES.get((this.#peek('otel.status_code') ?? '').toUpperCase());
    if (code !== undefined) this.#meaningful.delete('otel.status_code');
    const error = this.#peek('error') ?? 'false';
    const message = PLAIN_ERRORS.has(error) ? '' : error;
    const isError = code === 'error' || error !== 'false';
    if (isError && (message === '' || code !== undefined)) this.#meaningful.delete('error');
    const status = isError ? 'error' : (code ?? 'unset');
    if (status === 'unset') return { status, statusMessage: '' };
    return { status, statusMessage: this.take('otel.status_description') ?? message };
  }

  #peek(key: string): string | undefined {
    const tag = this.#meaningful.get(key);
    return tag === undefined ? undefined : formatScalar(tag.value);
  }
}
