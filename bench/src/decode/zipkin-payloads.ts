/** Spans of the model as Zipkin's clients would send them. */
import { SPAN_KINDS } from '@clew/model';
import type { AttributeValue, Span } from '@clew/model';
import {
  writeZipkinProtobuf,
  writeZipkinThrift,
} from '../../../packages/protocol/src/testing/zipkin-oracle.ts';

/** Version 2, JSON. */
export function writeZipkinJson(spans: readonly Span[]): Uint8Array {
  const list = spans.map((span) => ({
    traceId: span.traceId,
    parentId: span.parentSpanId,
    id: span.spanId,
    kind: KINDS[span.kind],
    name: span.name,
    timestamp: Number(micros(span.startUnixNano)),
    duration: Number(micros(span.durationNano)),
    localEndpoint: { serviceName: span.resource.service },
    annotations: annotationsOf(span).map(({ timestamp, value }) => ({
      timestamp: Number(timestamp),
      value,
    })),
    tags: tagsOf(span),
  }));
  return Buffer.from(JSON.stringify(list));
}

/** Version 2, protobuf. */
export function writeZipkinListOfSpans(spans: readonly Span[]): Uint8Array {
  return writeZipkinProtobuf(
    spans.map((span) => ({
      traceId: Buffer.from(span.traceId, 'hex'),
      ...(span.parentSpanId && { parentId: Buffer.from(span.parentSpanId, 'hex') }),
      id: Buffer.from(span.spanId, 'hex'),
      kind: PROTOBUF_KINDS.indexOf(KINDS[span.kind] ?? '') + 1,
      name: span.name,
      timestamp: micros(span.startUnixNano),
      duration: micros(span.durationNano),
      localEndpoint: { serviceName: span.resource.service },
      annotations: annotationsOf(span),
      tags: tagsOf(span),
    })),
  );
}

/** Version 1, JSON: the kind is in pairs of annotations. */
export function writeZipkinV1Json(spans: readonly Span[]): Uint8Array {
  const list = spans.map((span) => {
    const endpoint = { serviceName: span.resource.service };
    return {
      traceId: span.traceId,
      parentId: span.parentSpanId,
      id: span.spanId,
      name: span.name,
      timestamp: Number(micros(span.startUnixNano)),
      duration: Number(micros(span.durationNano)),
      annotations: v1AnnotationsOf(span).map(({ timestamp, value }) => ({
        timestamp: Number(timestamp),
        value,
        endpoint,
      })),
      binaryAnnotations: Object.entries(tagsOf(span)).map(([key, value]) => ({
        key,
        value,
        endpoint,
      })),
    };
  });
  return Buffer.from(JSON.stringify(list));
}

/** Version 1, thrift. */
export function writeZipkinV1Thrift(spans: readonly Span[]): Uint8Array {
  return writeZipkinThrift(
    spans.map((span) => {
      const endpoint = { serviceName: span.resource.service };
      return {
        traceIdHigh: BigInt(`0x${span.traceId.slice(0, 16)}`),
        traceId: BigInt(`0x${span.traceId.slice(16)}`),
        id: BigInt(`0x${span.spanId}`),
        ...(span.parentSpanId && { parentId: BigInt(`0x${span.parentSpanId}`) }),
        name: span.name,
        timestamp: micros(span.startUnixNano),
        duration: micros(span.durationNano),
        annotations: v1AnnotationsOf(span).map(({ timestamp, value }) => ({
          timestamp,
          value,
          endpoint,
        })),
        binaryAnnotations: Object.entries(tagsOf(span)).map(([key, value]) => ({
          key,
          value: Buffer.from(value),
          type: STRING_ANNOTATION,
          endpoint,
        })),
      };
    }),
  );
}

const PROTOBUF_KINDS = ['CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER'];
const KINDS: Readonly<Record<string, string | undefined>> = Object.fromEntries(
  SPAN_KINDS.slice(2).map((kind) => [kind, kind.toUpperCase()]),
);
const STRING_ANNOTATION = 6;

interface TimedText {
  readonly timestamp: bigint;
  readonly value: string;
}

function annotationsOf({ events }: Span): TimedText[] {
  return events.map(({ timeUnixNano, name }) => ({ timestamp: micros(timeUnixNano), value: name }));
}

function v1AnnotationsOf(span: Span): TimedText[] {
  const [first, last] = { client: ['cs', 'cr'], server: ['sr', 'ss'] }[span.kind as string] ?? [];
  const start = { timestamp: micros(span.startUnixNano), value: first ?? 'ms' };
  const end = { timestamp: micros(span.startUnixNano + span.durationNano), value: last ?? '' };
  return [
    ...(first === undefined && span.kind !== 'producer' ? [] : [start]),
    ...(last === undefined ? [] : [end]),
    ...annotationsOf(span),
  ];
}

function tagsOf({ attributes, status, statusMessage }: Span): Record<string, string> {
  const tags = Object.fromEntries(attributes.map(({ key, value }) => [key, textOf(value)]));
  return status === 'error' ? { ...tags, error: statusMessage } : tags;
}

function textOf(value: AttributeValue): string {
  if (value.type === 'string') return value.value;
  if (value.type === 'int' || value.type === 'double' || value.type === 'bool') {
    return String(value.value);
  }
  throw new Error(`the shop sends no ${value.type}`);
}

function micros(nanos: bigint): bigint {
  return nanos / 1000n;
}
