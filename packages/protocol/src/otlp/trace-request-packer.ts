import { WireReader } from '../wire/reader.ts';
import { WireWriter } from '../wire/writer.ts';
import { findGroupHeader } from './group-header.ts';
import type { GroupHeader } from './group-header.ts';

/** How large a packed request may become. A single span that is larger makes a request of its own. */
export interface PackLimits {
  readonly maxBytes: number;
  readonly maxSpans: number;
}

/** An `ExportTraceServiceRequest` and how many spans are in it. */
export interface PackedTraces {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly spanCount: number;
}

/**
 * Packs requests of any size anew, so that each is worth its journey and none is too large for the receiver. Spans are
 * moved as the bytes they are, each with its resource and scope in front; nothing inside a span is looked at.
 */
export class TraceRequestPacker {
  readonly #limits: PackLimits;
  readonly #writer = new WireWriter(64 * 1024);
  #spanCount = 0;

  constructor(limits: PackLimits) {
    this.#limits = limits;
  }

  /**
   * Takes in a request and gives out those that have become full; the rest waits for the next. Throws `DecodeError`
   * for malformed bytes, and then has taken nothing.
   */
  add(request: Uint8Array): PackedTraces[] {
    countSpans(request);
    const full: PackedTraces[] = [];
    forEachGroup(request, (group) => this.#addGroup(group, full));
    return full;
  }

  /** Gives out what waits; `undefined` when nothing does. */
  flush(): PackedTraces | undefined {
    if (this.#spanCount === 0) return undefined;
    // A copy: the writer goes on writing into its own.
    const packed = { bytes: this.#writer.bytes.slice(), spanCount: this.#spanCount };
    this.#writer.reset();
    this.#spanCount = 0;
    return packed;
  }

  #addGroup(group: SpanGroup, full: PackedTraces[]): void {
    let open: OpenGroup | undefined;
    for (const [start, end] of group.spans) {
      if (!this.#hasRoomFor(end - start)) {
        if (open !== undefined) this.#close(group, open);
        open = undefined;
        const packed = this.flush();
        if (packed !== undefined) full.push(packed);
      }
      open ??= this.#open(group);
      this.#writer.writeVarint(0x12);
      this.#writer.writeBytes(group.bytes.subarray(start, end));
      this.#spanCount++;
    }
    if (open !== undefined) this.#close(group, open);
  }

  #hasRoomFor(sizeBytes: number): boolean {
    if (this.#spanCount === 0) return true;
    const { maxBytes, maxSpans } = this.#limits;
    return this.#spanCount < maxSpans && this.#writer.length + sizeBytes <= maxBytes;
  }

  /** Begins a `ResourceSpans` with one `ScopeSpans`; the fields are those of `encode.ts`. */
  #open({ bytes, resource, scope }: SpanGroup): OpenGroup {
    const writer = this.#writer;
    writer.writeVarint(0x0a);
    const resourceStart = writer.begin();
    this.#writeMessages(bytes, resource);
    writer.writeVarint(0x12);
    const scopeStart = writer.begin();
    this.#writeMessages(bytes, scope);
    return { resourceStart, scopeStart };
  }

  #close({ bytes, resource, scope }: SpanGroup, { resourceStart, scopeStart }: OpenGroup): void {
    this.#writeSchemaUrl(bytes, scope);
    this.#writer.end(scopeStart);
    this.#writeSchemaUrl(bytes, resource);
    this.#writer.end(resourceStart);
  }

  #writeMessages(bytes: Uint8Array, { messages }: GroupHeader): void {
    for (let i = 0; i < messages.length; i += 2) {
      this.#writer.writeVarint(0x0a);
      this.#writer.writeBytes(bytes.subarray(messages[i] ?? 0, messages[i + 1] ?? 0));
    }
  }

  #writeSchemaUrl(bytes: Uint8Array, { schemaUrlStart, schemaUrlEnd }: GroupHeader): void {
    if (schemaUrlEnd === schemaUrlStart) return;
    this.#writer.writeVarint(0x1a);
    this.#writer.writeBytes(bytes.subarray(schemaUrlStart, schemaUrlEnd));
  }
}

/** Counts the spans of a request. Throws `DecodeError` unless its groups are well-formed. */
export function countSpans(request: Uint8Array): number {
  let spanCount = 0;
  forEachGroup(request, ({ spans }) => (spanCount += spans.length));
  return spanCount;
}

/** The spans of one resource and scope, where they lie in the request's bytes. */
interface SpanGroup {
  readonly bytes: Uint8Array;
  readonly resource: GroupHeader;
  readonly scope: GroupHeader;
  /** Where each begins and ends. */
  readonly spans: readonly (readonly [number, number])[];
}

/** Where the messages that are being written began. */
interface OpenGroup {
  readonly resourceStart: number;
  readonly scopeStart: number;
}

function forEachGroup(request: Uint8Array, visit: (group: SpanGroup) => void): void {
  let index = -1;
  const path = (): string => (index < 0 ? '' : `resourceSpans[${index}]`);
  const reader = new WireReader(request, { format: 'otlp protobuf', path });
  forEachMember(reader, { tag: 0x0a, end: reader.bytes.length }, (resourceEnd) => {
    index++;
    const resource = findGroupHeader(reader, resourceEnd);
    forEachMember(reader, { tag: 0x12, end: resourceEnd }, (scopeEnd) => {
      const scope = findGroupHeader(reader, scopeEnd);
      const spans: [number, number][] = [];
      forEachMember(reader, { tag: 0x12, end: scopeEnd }, (spanEnd) => {
        spans.push([reader.position, spanEnd]);
      });
      if (spans.length > 0) visit({ bytes: reader.bytes, resource, scope, spans });
    });
  });
}

/** Calls `visit` at the beginning of each field with this tag, with where it ends, and skips the others. */
function forEachMember(
  reader: WireReader,
  { tag, end }: { readonly tag: number; readonly end: number },
  visit: (memberEnd: number) => void,
): void {
  while (reader.position < end) {
    const found = reader.readTag(end);
    if (found !== tag) {
      reader.skip(found, end);
      continue;
    }
    const memberEnd = reader.readEnd(end);
    visit(memberEnd);
    reader.position = memberEnd;
  }
}
