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
import { shapeRequest } from './request-shape.ts';
import type { RequestShape } from './request-shape.ts';
import { createShop } from './shop.ts';

/** What makes one request different from all others. */
export interface Stamp {
  readonly seed: number;
  /** Number of the request in the run. */
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

/** Makes `count` different templates of `spansPerRequest` spans each, the same ones for the same seed. */
export function createTemplates(
  count: number,
  spansPerRequest: number,
  seed = 1,
): readonly RequestTemplate[] {
  const random = new Random(seed);
  const shop = createShop(random);
  return Array.from({ length: count }, () => {
    const shape = shapeRequest(shop, spansPerRequest, random);
    return new RequestTemplate(shape, encodeRequest(shape, random));
  });
}

/** One pre-encoded request. `bytes` are good until the next `stamp`. */
export class RequestTemplate {
  readonly bytes: Uint8Array;
  readonly spanCount: number;
  readonly #view: DataView;
  readonly #places: Readonly<Record<MarkKind, Places>>;
  readonly #parents: Int32Array;
  readonly #startsTrace: Uint8Array;
  readonly #offsetNs: Float64Array;
  readonly #durationNs: Float64Array;
  /** The words of the ids of the request that was stamped last. */
  readonly #words: Uint32Array;
  readonly #traceWords: Uint32Array;
  /** How much longer or shorter than in the template each span's trace is this time. */
  readonly #stretch: Float64Array;

  constructor(spans: RequestShape, { bytes, marksOfSpan }: EncodedRequest) {
    this.bytes = bytes;
    this.spanCount = spans.length;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#places = placesByKind(marksOfSpan);
    this.#parents = Int32Array.from(spans, ({ parent }) => parent);
    this.#startsTrace = Uint8Array.from(spans, ({ parent }) => (parent < 0 ? 1 : 0));
    this.#offsetNs = Float64Array.from(spans, ({ offsetNs }) => offsetNs);
    this.#durationNs = Float64Array.from(spans, ({ durationNs }) => durationNs);
    this.#words = new Uint32Array(spans.length);
    this.#traceWords = new Uint32Array(spans.length);
    this.#stretch = new Float64Array(spans.length);
  }

  /** Writes fresh ids, times and values over those of the request before. */
  stamp(stamp: Stamp): void {
    const firstSpanNumber = stamp.request * this.spanCount;
    this.#stampIds(stamp.seed, firstSpanNumber);
    this.#stampTimes(stamp.nowUnixMs);
    this.#stampHexDigits();
    this.#stampInts();
    this.#stampDoubles();
  }

  #stampIds(seed: number, firstSpanNumber: number): void {
    const view = this.#view;
    const words = this.#words;
    const traceAt = this.#places.traceId.at;
    const spanAt = this.#places.spanId.at;
    let trace = 0;
    let stretch = 1;
    for (let i = 0; i < this.spanCount; i++) {
      if (this.#startsTrace[i] === 1) {
        trace = traceWord(seed, firstSpanNumber + i);
        stretch = 0.5 + (1.5 * scramble(trace)) / TWO_TO_32;
      }
      this.#stretch[i] = stretch;
      this.#traceWords[i] = trace;
      const at = traceAt[i] ?? 0;
      view.setUint32(at, trace, true);
      view.setUint32(at + 4, traceCheckWord(trace, 0), true);
      view.setUint32(at + 8, traceCheckWord(trace, 1), true);
      view.setUint32(at + 12, traceCheckWord(trace, 2), true);
      const word = spanWord(seed, firstSpanNumber + i);
      words[i] = word;
      this.#writeSpanId(spanAt[i] ?? 0, word);
    }
    const { at, span } = this.#places.parentSpanId;
    for (let i = 0; i < at.length; i++) {
      this.#writeSpanId(at[i] ?? 0, words[this.#parents[span[i] ?? 0] ?? 0] ?? 0);
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
      const time = low + Math.floor(offset * (this.#stretch[index] ?? 1));
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
          : scramble((scramble((this.#traceWords[index] ?? 0) ^ ofKey) % values) ^ ofKey);
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
