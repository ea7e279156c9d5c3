import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { Attributes, SpanStatus } from '@opentelemetry/api';
import { Tags } from 'opentracing';
import { exceptionMessage } from '../trace/exception.ts';
import { isError, toAttributes } from './to-attributes.ts';

/** What tags say in OpenTelemetry's terms. */
export interface ReadTags {
  /** Without the `error` that became the status. */
  readonly attributes: Attributes;
  /** That of `span.kind`, which is still among the attributes. */
  readonly kind: SpanKind | undefined;
  readonly status: SpanStatus | undefined;
}

/** Reads the tags of a span: `error` is its status, `true` an error and `false` "ok". Never throws. */
export function readTags(tags: unknown): ReadTags {
  const { [Tags.ERROR]: flag, ...attributes } = toAttributes(tags);
  const kind = KINDS.get(attributes[Tags.SPAN_KIND]);
  if (flag === undefined) return { attributes, kind, status: undefined };
  const status = toStatus(flag, Reflect.get(Object(tags), Tags.ERROR));
  const isFlag = String(flag) === 'true' || String(flag) === 'false';
  return { attributes: isFlag ? attributes : { ...attributes, [Tags.ERROR]: flag }, kind, status };
}

const KINDS: ReadonlyMap<unknown, SpanKind> = new Map([
  [Tags.SPAN_KIND_RPC_CLIENT, SpanKind.CLIENT],
  [Tags.SPAN_KIND_RPC_SERVER, SpanKind.SERVER],
  [Tags.SPAN_KIND_MESSAGING_PRODUCER, SpanKind.PRODUCER],
  [Tags.SPAN_KIND_MESSAGING_CONSUMER, SpanKind.CONSUMER],
]);

/** An error as the value is not foreseen, but often done, and it is clear what is meant. */
function toStatus(flag: unknown, given: unknown): SpanStatus | undefined {
  if (String(flag) === 'true') return { code: SpanStatusCode.ERROR };
  if (String(flag) === 'false') return { code: SpanStatusCode.OK };
  if (!isError(given)) return undefined;
  return { code: SpanStatusCode.ERROR, message: exceptionMessage(given) };
}
