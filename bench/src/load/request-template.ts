/**
 * A whole OTLP request, encoded once, with the places of everything that differs between requests. Stamping it writes
 * fresh ids, times and values into those places: some 30 small writes a span instead of an encoding, so that the sender
 * takes little of the machine from the server it measures. No two stamped requests are equal.
 */
import { encodeRequest } from './encode-request.ts';
import type { EncodedRequest } from './encode-request.ts';
import { scramble, spanCheckWord, spanWord, traceCheckWord, traceWord } from './identity.ts';
import type { Mark, MarkKind } from './piece.ts';
import { Random } from './random.ts';
import { shapeRequestPair } from './request-shape.ts';
import type { RequestShape } from './request-shape.ts';
import { createShop } from './shop.ts';

/** What makes one request different from all others. */
export interface Stamp {
  readonly seed: number;
  /** Number of the request in the run; even for the first template of a pair, odd for the second. */
  readonly request: number;
  /** The newest trace begins about here. */
  readonly nowUnixMs: number;
}

const NANOS_PER_MILLI = 1e6;
const TWO_TO_32 = 2 ** 32;
/** The two digits of each byte as one little-endian word. */
const HEX_PAIRS = Uint16Array.from({ length: 256 }, (_, byte) => {
  const [high = '0', low = '0'] = byte.toString(16).padStart(2, '0');
  return high.charCodeAt(0) | (low.charCodeAt(0) << 8);
});

/**
 * Makes `pairCount` pairs of templates of `spansPerRequest` spans each, one pair after the other, the same ones for the
 * same seed. The two of a pair share traces: they are to be stamped with an even number and the next.
 */
export function createTemplates(
  pairCount: number,
  spansPerRequest: number,
  seed = 1,
): readonly RequestTemplate[] {
  const random = new Random(seed);
  const shop = createShop(random);
  return Array.from({ length: pairCount }, () => {
    const pair = shapeRequestPair(shop, spansPerRequest, random);
    return pair.map(
      (shape, half) => new RequestTemplate(shape, half, encodeRequest(shape, random)),
    );
  }).flat();
}

/** One pre-encoded request. `bytes` are good until the next `stamp`. */
export class RequestTemplate {
  readonly bytes: Uint8Array;
  readonly spanCount: number;
  readonly #view: DataView;
  readonly #places: Readonly<Record<MarkKind, Places>>;
  readonly #half: number;
  readonly #parentNumbers: Int32Array;
  readonly #traces: Uint32Array;
  readonly #traceCount: number;
  readonly #offsetNs: Float64Array;
  readonly #durationNs: Float64Array;
  /** The words of the span ids of the request that was stamped last, by span. */
  readonly #words: Uint32Array;
  /** Of its trace ids, by trace. */
  readonly #traceWords: Uint32Array;
  /** How much longer or shorter than in the template each trace is this time. */
  readonly #stretch: Float64Array;

  constructor(spans: RequestShape, half: number, { bytes, marksOfSpan }: EncodedRequest) {
    this.bytes = bytes;
    this.spanCount = spans.length;
    this.#half = half;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#places = placesByKind(marksOfSpan);
    this.#parentNumbers = Int32Array.from(spans, ({ parentNumber }) => parentNumber);
    this.#traces = Uint32Array.from(spans, ({ trace }) => trace);
    this.#traceCount = 1 + Math.max(...this.#traces);
    this.#offsetNs = Float64Array.from(spans, ({ offsetNs }) => offsetNs);
    this.#durationNs = Float64Array.from(spans, ({ durationNs }) => durationNs);
    this.#words = new Uint32Array(spans.length);
    this.#traceWords = new Uint32Array(this.#traceCount);
    this.#stretch = new Float64Array(this.#traceCount);
  }

  /** Writes fresh ids, times and values over those of the request before. */
  stamp({ seed, request, nowUnixMs }: Stamp): void {
    if (request % 2 !== this.#half) throw new Error(`request ${request} is not of this half`);
    this.#stampTraceIds(seed, (request - this.#half) * this.spanCount);
    this.#stampSpanIds(seed, (request - this.#half) * this.spanCount);
    this.#stampTimes(nowUnixMs);
    this.#stampHexDigits();
    this.#stampInts();
    this.#stampDoubles();
  }

  #stampTraceIds(seed: number, firstNumberOfPair: number): void {
    const view = this.#view;
    for (let trace = 0; trace < this.#traceCount; trace++) {
      const word = traceWord(seed, firstNumberOfPair + trace);
      this.#traceWords[trace] = word;
      this.#stretch[trace] = 0.5 + (1.5 * scramble(word)) / TWO_TO_32;
    }
    const traceAt = this.#places.traceId.at;
    for (let i = 0; i < this.spanCount; i++) {
      const word = this.#traceWords[this.#traces[i] ?? 0] ?? 0;
      const at = traceAt[i] ?? 0;
      view.setUint32(at, word, true);
      view.setUint32(at + 4, traceCheckWord(word, 0), true);
      view.setUint32(at + 8, traceCheckWord(word, 1), true);
      view.setUint32(at + 12, traceCheckWord(word, 2), true);
    }
  }

  #stampSpanIds(seed: number, firstNumberOfPair: number): void {
    const spanAt = this.#places.spanId.at;
    const first = firstNumberOfPair + this.#half * this.spanCount;
    for (let i = 0; i < this.spanCount; i++) {
      const word = spanWord(seed, first + i);
      this.#words[i] = word;
      this.#writeSpanId(spanAt[i] ?? 0, word);
    }
    const { at, span } = this.#places.parentSpanId;
    for (let i = 0; i < at.length; i++) {
      const parentNumber = this.#parentNumbers[span[i] ?? 0] ?? 0;
      this.#writeSpanId(at[i] ?? 0, spanWord(seed, firstNumberOfPair + parentNumber));
    }
  }

  #writeSpanId(at: number, word: number): void {
    this.#view.setUint32(at, spanCheckWord(word), true);
    this.#view.setUint32(at + 4, word, true);
  }

  #stampTimes(nowUnixMs: number): void {
    // In two halves: as doubles, nanoseconds since 1970 would be rounded, and all times would end alike.
    const nowNano = BigInt(Math.trunc(nowUnixMs)) * BigInt(NANOS_PER_MILLI);
    const high = Number(nowNano >> 32n);
    const low = Number(nowNano & 0xffffffffn);
    this.#writeTimes('start', { high, low, share: 0 });
    this.#writeTimes('end', { high, low, share: 1 });
    this.#writeTimes('eventTime', { high, low, share: 0.5 });
  }

  #writeTimes(
    kind: 'start' | 'end' | 'eventTime',
    { high, low, share }: { readonly high: number; readonly low: number; readonly share: number },
  ): void {
    const { at, span } = this.#places[kind];
    for (let i = 0; i < at.length; i++) {
      const index = span[i] ?? 0;
      const offset = (this.#offsetNs[index] ?? 0) + share * (this.#durationNs[index] ?? 0);
      const time = low + Math.floor(offset * (this.#stretch[this.#traces[index] ?? 0] ?? 1));
      this.#view.setUint32(at[i] ?? 0, time >>> 0, true);
      this.#view.setUint32((at[i] ?? 0) + 4, high + Math.floor(time / TWO_TO_32), true);
    }
  }

  #stampHexDigits(): void {
    const { at, span, salt, cardinality } = this.#places.hexDigits;
    for (let i = 0; i < at.length; i++) {
      const index = span[i] ?? 0;
      const values = cardinality[i] ?? 0;
      const ofKey = salt[i] ?? 0;
      const value =
        values === TWO_TO_32
          ? scramble((this.#words[index] ?? 0) ^ ofKey)
          : scramble(
              (scramble((this.#traceWords[this.#traces[index] ?? 0] ?? 0) ^ ofKey) % values) ^
                ofKey,
            );
      this.#writeHexDigits(at[i] ?? 0, value);
    }
  }

  #stampInts(): void {
    const { at, span, salt } = this.#places.int;
    for (let i = 0; i < at.length; i++) {
      const fresh = scramble((this.#words[span[i] ?? 0] ?? 0) ^ (salt[i] ?? 0));
      const place = at[i] ?? 0;
      this.bytes[place] = fresh | 0x80;
      this.bytes[place + 1] = (fresh >>> 8) | 0x80;
      // The highest of three bytes ends the varint, and 0 there would not be its shortest form.
      this.bytes[place + 2] = ((fresh >>> 16) & 0x7f) | 0x01;
    }
  }

  #stampDoubles(): void {
    const { at, span, salt } = this.#places.double;
    for (let i = 0; i < at.length; i++) {
      const fresh = scramble((this.#words[span[i] ?? 0] ?? 0) ^ (salt[i] ?? 0));
      // Milliseconds to the microsecond, as a clock would give them.
      this.#view.setFloat64(at[i] ?? 0, (fresh % 1_000_000) / 1000, true);
    }
  }

  #writeHexDigits(at: number, value: number): void {
    const view = this.#view;
    view.setUint16(at, HEX_PAIRS[value >>> 24] ?? 0, true);
    view.setUint16(at + 2, HEX_PAIRS[(value >>> 16) & 0xff] ?? 0, true);
    view.setUint16(at + 4, HEX_PAIRS[(value >>> 8) & 0xff] ?? 0, true);
    view.setUint16(at + 6, HEX_PAIRS[value & 0xff] ?? 0, true);
  }
}

/** All marks of one kind as columns. Ids and times stand in the order of the spans. */
interface Places {
  readonly at: Uint32Array;
  readonly span: Uint32Array;
  readonly cardinality: Float64Array;
  readonly salt: Int32Array;
}

function placesByKind(
  marksOfSpan: readonly (readonly Mark[])[],
): Readonly<Record<MarkKind, Places>> {
  const all = marksOfSpan.flatMap((marks, span) => marks.map((mark) => ({ ...mark, span })));
  const placesOf = (kind: MarkKind): Places => {
    const marks = all.filter((mark) => mark.kind === kind);
    return {
      at: Uint32Array.from(marks, ({ at }) => at),
      span: Uint32Array.from(marks, ({ span }) => span),
      cardinality: Float64Array.from(marks, ({ cardinality }) => cardinality),
      salt: Int32Array.from(marks, ({ salt }) => salt),
    };
  };
  return {
    traceId: placesOf('traceId'),
    spanId: placesOf('spanId'),
    parentSpanId: placesOf('parentSpanId'),
    start: placesOf('start'),
    end: placesOf('end'),
    eventTime: placesOf('eventTime'),
    hexDigits: placesOf('hexDigits'),
    int: placesOf('int'),
    double: placesOf('double'),
  };
}
