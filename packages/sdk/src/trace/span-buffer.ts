/**
 * Ended spans as OTLP's bytes, in the order in which they ended, until a request takes them: chunks of memory that are used again
 * and again, so that the garbage collector never sees a span that waits. When there is no room, the oldest span goes.
 */
import type { ExportRequest } from '../export/export-request.ts';
import { encodeScope } from './encode-scope.ts';
import type { InstrumentationScope } from './encode-scope.ts';
import type { RecordingSpan } from './recording-span.ts';
import { createRoom } from './wire-room.ts';
import type { WireRoom } from './wire-room.ts';
import { WireWriter, varintSize } from './wire-writer.ts';
import { guessSpanBytes, maxSpanBytes, writeSpan } from './write-span.ts';

export interface SpanBufferOptions {
  /** `ResourceSpans`' fields but its scopes: `resource` and `schema_url`. */
  readonly resource: Uint8Array;
  /** Those of all tracers, by the index that their spans have; more may come. */
  readonly scopes: readonly InstrumentationScope[];
  readonly maxSpans: number;
  /** Of the spans that wait. */
  readonly maxBytes: number;
}

const CHUNK_BYTES = 131_072;
const CHUNK_SPANS = 1024;
/** Chunks that are kept for use again. */
const MAX_SPARE_CHUNKS = 8;
/** What gRPC receivers take by default is 4 MiB. */
const MAX_REQUEST_BYTES = 3_670_016;
/** Of a span beside its own bytes: tag and length. */
const RECORD_BYTES = 6;

/** Spans one behind the other, each with tag and length as a field of `ScopeSpans`. */
interface Chunk {
  readonly room: WireRoom;
  /** Where each ends. */
  readonly ends: Int32Array;
  readonly scopes: Int32Array;
  /** How many were put in, and how many of these taken out. */
  count: number;
  taken: number;
}

export class SpanBuffer {
  readonly #options: SpanBufferOptions;
  /** `ScopeSpans`' fields but its spans, of the scopes whose spans have been sent, by index. */
  readonly #encodedScopes = new Map<number, Uint8Array>();
  readonly #writer = new WireWriter();
  readonly #chunks: Chunk[] = [];
  readonly #spare: Chunk[] = [];
  #spanCount = 0;
  #byteCount = 0;
  #body: WireRoom = createRoom(0);

  constructor(options: SpanBufferOptions) {
    this.#options = options;
  }

  /** Spans that wait. */
  get count(): number {
    return this.#spanCount;
  }

  /** Takes an ended span; answers with how many others had to go for it. */
  push(span: RecordingSpan): number {
    const chunk = this.#chunkFor(maxSpanBytes(span) + RECORD_BYTES);
    const begin = endOf(chunk, chunk.count);
    const writer = this.#writer;
    writer.into(chunk.room, begin);
    const guess = guessSpanBytes(span);
    writer.byte(SPANS);
    const start = writer.begin(guess);
    writeSpan(writer, span);
    writer.finish(start, guess);
    chunk.ends[chunk.count] = writer.at;
    chunk.scopes[chunk.count] = span.parts.scopeIndex;
    chunk.count++;
    this.#spanCount++;
    this.#byteCount += writer.at - begin;
    let droppedCount = 0;
    while (this.#isOverfull()) {
      this.#dropOldest();
      droppedCount++;
    }
    return droppedCount;
  }

  /** Takes up to `maxSpans` out, the oldest first. Undefined when there are none. The bytes are used again by the next call. */
  take(maxSpans: number): ExportRequest | undefined {
    const taken = this.#select(maxSpans);
    if (taken.spanCount === 0) return undefined;
    const body = this.#compose(taken);
    for (let i = 0; i < taken.spanCount; i++) this.#dropOldest();
    return { spanCount: taken.spanCount, body };
  }

  /** The same in bytes of its own, which no call uses again. */
  takeApart(maxSpans: number): ExportRequest | undefined {
    const body = this.#body;
    this.#body = createRoom(0);
    const request = this.take(maxSpans);
    this.#body = body;
    return request;
  }

  #isOverfull(): boolean {
    const { maxSpans, maxBytes } = this.#options;
    return this.#spanCount > maxSpans || (this.#byteCount > maxBytes && this.#spanCount > 1);
  }

  #chunkFor(maxBytes: number): Chunk {
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.count < CHUNK_SPANS) {
      if (last.room.bytes.length - endOf(last, last.count) >= maxBytes) return last;
    }
    const chunk = maxBytes <= CHUNK_BYTES ? this.#spare.pop() : undefined;
    const added = chunk ?? createChunk(Math.max(CHUNK_BYTES, maxBytes));
    this.#chunks.push(added);
    return added;
  }

  #dropOldest(): void {
    const chunk = this.#chunks[0];
    if (chunk === undefined) return;
    this.#byteCount -= endOf(chunk, chunk.taken + 1) - endOf(chunk, chunk.taken);
    this.#spanCount--;
    chunk.taken++;
    if (chunk.taken < chunk.count) return;
    this.#chunks.shift();
    chunk.taken = 0;
    chunk.count = 0;
    const isUsual = chunk.room.bytes.length === CHUNK_BYTES;
    if (isUsual && this.#spare.length < MAX_SPARE_CHUNKS) this.#spare.push(chunk);
  }

  /** How many spans fit a request, and the bytes of each scope's. */
  #select(maxSpans: number): TakenSpans {
    const byteCounts = new Map<number, number>();
    let spanCount = 0;
    let byteCount = 0;
    for (const chunk of this.#chunks) {
      for (let i = chunk.taken; i < chunk.count; i++) {
        const length = endOf(chunk, i + 1) - endOf(chunk, i);
        if (spanCount === maxSpans) return { spanCount, byteCounts };
        if (spanCount > 0 && byteCount + length > MAX_REQUEST_BYTES)
          return { spanCount, byteCounts };
        spanCount++;
        byteCount += length;
        const scope = chunk.scopes[i] ?? 0;
        byteCounts.set(scope, (byteCounts.get(scope) ?? 0) + length);
      }
    }
    return { spanCount, byteCounts };
  }

  /** Writes the request with a place for each scope's spans, then copies these to where they belong. */
  #compose({ spanCount, byteCounts }: TakenSpans): Uint8Array {
    const { resource } = this.#options;
    let length = resource.length;
    for (const [scope, byteCount] of byteCounts) {
      length += fieldSize(this.#scopeBytes(scope).length + byteCount);
    }
    const size = fieldSize(length);
    if (this.#body.bytes.length < size) this.#body = createRoom(Math.ceil(1.5 * size));
    const writer = this.#writer;
    writer.into(this.#body, 0);
    writer.byte(RESOURCE_SPANS);
    writer.varint(length);
    writer.raw(resource);
    const places = new Map<number, number>();
    for (const [scope, byteCount] of byteCounts) {
      const fields = this.#scopeBytes(scope);
      writer.byte(SCOPE_SPANS);
      writer.varint(fields.length + byteCount);
      writer.raw(fields);
      places.set(scope, writer.at);
      writer.at += byteCount;
    }
    this.#copySpans(spanCount, places);
    return this.#body.bytes.subarray(0, size);
  }

  /** Spans of one scope mostly end one after the other, and are copied together. */
  #copySpans(spanCount: number, places: Map<number, number>): void {
    let rest = spanCount;
    for (const chunk of this.#chunks) {
      const end = Math.min(chunk.count, chunk.taken + rest);
      for (let i = chunk.taken; i < end;) {
        const scope = chunk.scopes[i] ?? 0;
        let next = i + 1;
        while (next < end && chunk.scopes[next] === scope) next++;
        const run = chunk.room.bytes.subarray(endOf(chunk, i), endOf(chunk, next));
        const place = places.get(scope) ?? 0;
        this.#body.bytes.set(run, place);
        places.set(scope, place + run.length);
        i = next;
      }
      rest -= end - chunk.taken;
      if (rest === 0) return;
    }
  }

  #scopeBytes(index: number): Uint8Array {
    const known = this.#encodedScopes.get(index);
    if (known !== undefined) return known;
    const scope = this.#options.scopes[index];
    const encoded = scope === undefined ? new Uint8Array() : encodeScope(scope);
    this.#encodedScopes.set(index, encoded);
    return encoded;
  }
}

interface TakenSpans {
  readonly spanCount: number;
  readonly byteCounts: ReadonlyMap<number, number>;
}

// Tags of ExportTraceServiceRequest, ResourceSpans and ScopeSpans.
const RESOURCE_SPANS = 0x0a;
const SCOPE_SPANS = 0x12;
const SPANS = 0x12;

function createChunk(size: number): Chunk {
  return {
    room: createRoom(size),
    ends: new Int32Array(CHUNK_SPANS),
    scopes: new Int32Array(CHUNK_SPANS),
    count: 0,
    taken: 0,
  };
}

/** Where the spans before the given one end. */
function endOf(chunk: Chunk, index: number): number {
  return index === 0 ? 0 : (chunk.ends[index - 1] ?? 0);
}

function fieldSize(length: number): number {
  return 1 + varintSize(length) + length;
}
