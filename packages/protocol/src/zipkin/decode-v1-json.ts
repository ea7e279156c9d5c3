/**
 * Zipkin's first version in JSON.
 *
 * https://github.com/openzipkin/zipkin-api/blob/master/zipkin-api.yaml
 */
import type { SpanBlock } from '@clew/model';
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
import type { JsonObject } from './json-fields.ts';
import { parseSpanList } from './parse-json.ts';
import { splitV1Span } from './split-v1-span.ts';
import { ADDRESS_KEYS } from './v1-span.ts';
import type { V1BinaryAnnotation, V1Span } from './v1-span.ts';

/** Appends the spans of a list in Zipkin's v1 JSON to `block`; otherwise like `decodeZipkinJson`. */
export function decodeZipkinV1Json(
  bytes: Uint8Array,
  block: SpanBlock,
  limits: DecodeLimits = DEFAULT_DECODE_LIMITS,
): RejectedSpans {
  const appender = new ZipkinSpanAppender(block, limits);
  for (const value of parseSpanList(bytes, 'zipkin v1 json', limits)) {
    if (!isJsonObject(value)) {
      appender.rejections.add(() => 'span is not an object, so it has no trace id');
      continue;
    }
    const span = readSpan(value, appender.rejections);
    if (span !== undefined) for (const side of splitV1Span(span)) appender.add(side);
  }
  return appender.finish();
}

function readSpan(value: JsonObject, rejections: RejectionLog): V1Span | undefined {
  const ids = readIds(
    { traceId: value['traceId'], id: value['id'], parentId: value['parentId'] },
    rejections,
  );
  if (ids === undefined) return undefined;
  const changes: string[] = [];
  const annotations = readObjects(value, 'annotations', changes, (item) => {
    const annotation = readAnnotation(item);
    if (annotation === undefined) return undefined;
    return { ...annotation, endpoint: readEndpoint(item, 'endpoint', changes) };
  });
  const tags = readObjects(value, 'binaryAnnotations', changes, (item) =>
    readBinaryAnnotation(item, changes),
  );
  return {
    traceId: ids.traceId,
    spanId: ids.spanId,
    parentSpanId: ids.parentSpanId,
    name: readText(value, 'name', changes),
    startNano: readMicros(value, 'timestamp', changes),
    durationNano: readMicros(value, 'duration', changes),
    annotations: annotations.items,
    binaryAnnotations: tags.items,
    droppedTagsCount: tags.droppedCount,
    droppedAnnotationsCount: annotations.droppedCount,
    debug: readFlag(value, 'debug'),
    changes,
  };
}

/** Texts are tags, numbers are made texts; `true` under the key of an address says that the endpoint is it. */
function readBinaryAnnotation(item: JsonObject, changes: string[]): V1BinaryAnnotation | undefined {
  const { key, value } = item as { readonly key?: unknown; readonly value?: unknown };
  if (typeof key !== 'string' || !isScalar(value)) return undefined;
  const isAddress = ADDRESS_KEYS.has(key) && (value === true || value === 'true');
  return {
    key,
    value: isAddress ? undefined : { type: 'string', value: String(value) },
    endpoint: readEndpoint(item, 'endpoint', changes),
  };
}
