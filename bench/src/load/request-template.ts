/**
 * A whole request in any of the formats, encoded once, with the places of everything that differs between requests. Stamping it writes
 * fresh ids, times and values into those places: some 30 small writes a span instead of an encoding, so that the sender
 * takes little of the machine from the server it measures. No two stamped requests are equal.
 */
import type { Protocol } from './connection.ts';
import { encodeJaegerRequest } from './encode-jaeger-request.ts';
import { encodeRequest } from './encode-request.ts';
import type { EncodedRequest } from './encode-request.ts';
import { encodeZipkinRequest } from './encode-zipkin-request.ts';
import { scramble, spanWord, traceWord } from './identity.ts';
import type { Mark, MarkKind } from './piece.ts';
import { Random } from './random.ts';
import { shapeRequestPair } from './request-shape.ts';
import type { RequestShape } from './request-shape.ts';
import { createShop } from './shop.ts';
import { fillSpan } from './span-content.ts';
import type { FilledSpan } from './span-content.ts';
import { JaegerStampWriter, OtlpStampWriter, ZipkinStampWriter } from './stamp-writer.ts';
import type { StampWriter } from './stamp-writer.ts';

/** What makes one request different from all others. */
export interface Stamp {
  readonly seed: number;
  /** Number of the request in the run; even for the first template of a pair, odd for the second. */
  readonly request: number;
  /** The newest trace begins about here. */
  readonly nowUnixMs: number;
}

const TWO_TO_32 = 2 ** 32;
const SEED = 1;

/** What the templates of a protocol are encoded with, and stamped with. */
interface Format {
  readonly encode: (spans: readonly FilledSpan[], random: Random) => EncodedRequest;
  readonly createWriter: (bytes: Uint8Array) => StampWriter;
}

const OTLP: Format = {
  encode: encodeRequest,
  createWriter: (bytes) => new OtlpStampWriter(bytes),
};

const FORMATS: Readonly<Record<Protocol, Format>> = {
  http: OTLP,
  grpc: OTLP,
  jaeger: {
    encode: encodeJaegerRequest,
    createWriter: (bytes) => new JaegerStampWriter(bytes),
  },
  zipkin: {
    encode: encodeZipkinRequest,
    createWriter: (bytes) => new ZipkinStampWriter(bytes),
  },
};

/**
 * Makes `pairCount` pairs of templates of `spansPerRequest` spans each, one pair after the other, always the same ones.
 * The two of a pair share traces: they are to be stamped with an even number and the next.
 */
export function createTemplates(
  pairCount: number,
  spansPerRequest: number,
  protocol: Protocol = 'http',
): readonly RequestTemplate[] {
  const random = new Random(SEED);
  const shop = createShop(random);
  const { encode, createWriter } = FORMATS[protocol];
  return Array.from({ length: pairCount }, () => {
    const pair = shapeRequestPair(shop, spansPerRequest, random);
    return pair.map((shape, half) => {
      const spans = shape.map((span) => fillSpan(span, random));
      const encoded = encode(spans, random);
      const writer = createWriter(encoded.bytes);
      return new RequestTemplate({ spans, half, encoded, writer });
    });
  }).flat();
}

/** One pre-encoded request. `bytes` are good until the next `stamp`. */
export class RequestTemplate {
  readonly bytes: Uint8Array;
  readonly spanCount: number;
  readonly #writer: StampWriter;
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

  constructor({
    spans,
    half,
    encoded,
    writer,
  }: {
    readonly spans: RequestShape;
    readonly half: number;
    readonly encoded: EncodedRequest;
    readonly writer: StampWriter;
  }) {
    this.bytes = encoded.bytes;
    this.spanCount = spans.length;
    this.#half = half;
    this.#writer = writer;
    this.#places = placesByKind(encoded.marksOfSpan);
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
    this.#writer.setNow(nowUnixMs);
    this.#stampTimes();
    this.#stampHexDigits();
    this.#stampNumbers();
  }

  #stampTraceIds(seed: number, firstNumberOfPair: number): void {
    for (let trace = 0; trace < this.#traceCount; trace++) {
      const word = traceWord(seed, firstNumberOfPair + trace);
      this.#traceWords[trace] = word;
      this.#stretch[trace] = 0.5 + (1.5 * scramble(word)) / TWO_TO_32;
    }
    const traceAt = this.#places.traceId.at;
    for (let i = 0; i < this.spanCount; i++) {
      this.#writer.writeTraceId(traceAt[i] ?? 0, this.#traceWords[this.#traces[i] ?? 0] ?? 0);
    }
  }

  #stampSpanIds(seed: number, firstNumberOfPair: number): void {
    const spanAt = this.#places.spanId.at;
    const first = firstNumberOfPair + this.#half * this.spanCount;
    for (let i = 0; i < this.spanCount; i++) {
      const word = spanWord(seed, first + i);
      this.#words[i] = word;
      this.#writer.writeSpanId(spanAt[i] ?? 0, word);
    }
    const { at, span } = this.#places.parentSpanId;
    for (let i = 0; i < at.length; i++) {
      const parentNumber = this.#parentNumbers[span[i] ?? 0] ?? 0;
      this.#writer.writeSpanId(at[i] ?? 0, spanWord(seed, firstNumberOfPair + parentNumber));
    }
  }

  #stampTimes(): void {
    this.#writeTimes('start', 0);
    this.#writeTimes('end', 1);
    this.#writeTimes('eventTime', 0.5);
    const { at, span } = this.#places.duration;
    for (let i = 0; i < at.length; i++) {
      const index = span[i] ?? 0;
      this.#writer.writeDuration(
        at[i] ?? 0,
        (this.#durationNs[index] ?? 0) * this.#stretchOf(index),
      );
    }
  }

  /** `share` is how far into the span the time is. */
  #writeTimes(kind: 'start' | 'end' | 'eventTime', share: number): void {
    const { at, span } = this.#places[kind];
    for (let i = 0; i < at.length; i++) {
      const index = span[i] ?? 0;
      const offset = (this.#offsetNs[index] ?? 0) + share * (this.#durationNs[index] ?? 0);
      this.#writer.writeTime(at[i] ?? 0, Math.floor(offset * this.#stretchOf(index)));
    }
  }

  #stretchOf(span: number): number {
    return this.#stretch[this.#traces[span] ?? 0] ?? 1;
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
      this.#writer.writeHexDigits(at[i] ?? 0, value);
    }
  }

  #stampNumbers(): void {
    for (const kind of ['int', 'double'] as const) {
      const { at, span, salt } = this.#places[kind];
      for (let i = 0; i < at.length; i++) {
        const fresh = scramble((this.#words[span[i] ?? 0] ?? 0) ^ (salt[i] ?? 0));
        if (kind === 'int') this.#writer.writeInt(at[i] ?? 0, fresh);
        else this.#writer.writeDouble(at[i] ?? 0, fresh);
      }
    }
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
    duration: placesOf('duration'),
    eventTime: placesOf('eventTime'),
    hexDigits: placesOf('hexDigits'),
    int: placesOf('int'),
    double: placesOf('double'),
  };
}
