/**
 * Zipkin's second version in JSON, as nearly all of its senders write it.
 *
 * https://github.com/openzipkin/zipkin-api/blob/master/zipkin2-api.yaml
 */
import type { Attribute, SpanBlock, SpanKind } from '@clew/model';
import { DEFAULT_DECODE_LIMITS } from '../otlp/limits.ts';
import type { DecodeLimits } from '../otlp/limits.ts';
import type { RejectedSpans, RejectionLog } from '../otlp/rejections.ts';
import { ZipkinSpanAppender } from './append-spans.ts';
import { readIds } from './ids.ts';
import {
  isJsonObject,
  isScalar,
  readAnnotation,
  readEndpoint,
  readFlag,
  readMicros,
  readObjects,
  readText,
} from './json-fields.ts';
import type { JsonList, JsonObject } from './json-fields.ts';
import { parseSpanList } from './parse-json.ts';
import type { ZipkinSpan } from './zipkin-span.ts';

const KINDS: Readonly<Record<string, SpanKind>> = {
  CLIENT: 'client',
  SERVER: 'server',
  PRODUCER: 'producer',
  CONSUMER: 'consumer',
};

/**
 * Appends the spans of a list in Zipkin's v2 JSON to `block`. A span whose ids are none is refused, the others are kept;
 * what else is wrong with one is mended and said in its `clew.sanitized`.
 *
 * Throws `DecodeError` when the bytes are not a JSON list and `LimitError` when it is too long; the block is then to be
 * discarded.
 */
export function decodeZipkinJson(
  bytes: Uint8Array,
  block: SpanBlock,
  limits: DecodeLimits = DEFAULT_DECODE_LIMITS,
): RejectedSpans {
  const appender = new ZipkinSpanAppender(block, limits);
  for (const value of parseSpanList(bytes, 'zipkin v2 json', limits)) {
    if (!isJsonObject(value)) {
      appender.rejections.add(() => 'span is not an object, so it has no trace id');
      continue;
    }
    const span = readSpan(value, appender.rejections);
    if (span !== undefined) appender.add(span);
  }
  return appender.finish();
}

function readSpan(value: JsonObject, rejections: RejectionLog): ZipkinSpan | undefined {
  const ids = readIds(
    { traceId: value['traceId'], id: value['id'], parentId: value['parentId'] },
    rejections,
  );
  if (ids === undefined) return undefined;
  const changes: string[] = [];
  const annotations = readObjects(value, 'annotations', changes, readAnnotation);
  const tags = readTags(value['tags'], changes);
  return {
    traceId: ids.traceId,
    spanId: ids.spanId,
    parentSpanId: ids.parentSpanId,
    name: readText(value, 'name', changes),
    kind: readKind(value['kind'], changes),
    startNano: readMicros(value, 'timestamp', changes),
    durationNano: readMicros(value, 'duration', changes),
    localEndpoint: readEndpoint(value, 'localEndpoint', changes),
    remoteEndpoint: readEndpoint(value, 'remoteEndpoint', changes),
    annotations: annotations.items,
    tags: tags.items,
    droppedTagsCount: tags.droppedCount,
    droppedAnnotationsCount: annotations.droppedCount,
    debug: readFlag(value, 'debug'),
    shared: readFlag(value, 'shared'),
    changes,
  };
}

function readKind(sent: unknown, changes: string[]): SpanKind {
  if (sent === undefined || sent === null) return 'unspecified';
  const kind = typeof sent === 'string' ? KINDS[sent.toUpperCase()] : undefined;
  if (kind === undefined) changes.push('kind is not known: left out');
  return kind ?? 'unspecified';
}

const NO_TAGS: JsonList<Attribute> = { items: [], droppedCount: 0 };

/** Values are texts; a sender's numbers, true and false are made texts, as Zipkin itself does. */
function readTags(sent: unknown, changes: string[]): JsonList<Attribute> {
  if (sent === undefined || sent === null) return NO_TAGS;
  if (!isJsonObject(sent)) {
    changes.push('tags were no object: left out');
    return NO_TAGS;
  }
  const items: Attribute[] = [];
  let droppedCount = 0;
  for (const key of Object.keys(sent)) {
    const value = sent[key];
    if (isScalar(value)) items.push({ key, value: { type: 'string', value: String(value) } });
    else droppedCount++;
  }
  if (droppedCount > 0) changes.push(`tags that were not text: ${droppedCount} left out`);
  return { items, droppedCount };
}
