import type { SpanBlock } from '@clew/model';
import { appendSpans } from '../otlp/from-model.ts';
import type { DecodeLimits } from '../otlp/limits.ts';
import type { RejectedSpans, RejectionLog } from '../otlp/rejections.ts';
import { ZipkinTranslator } from './to-model.ts';
import type { ZipkinSpan } from './zipkin-span.ts';

export interface AppendOptions {
  readonly limits: DecodeLimits;
  /** The spans of the request that were refused before. */
  readonly rejections: RejectionLog;
}

const MAX_REASONS = 10;

/** Translates the spans of one request and appends them; gives those refused here and before. */
export function appendZipkinSpans(
  block: SpanBlock,
  spans: readonly ZipkinSpan[],
  { limits, rejections }: AppendOptions,
): RejectedSpans {
  const translator = new ZipkinTranslator();
  const models = spans.map((span) => translator.toModel(span));
  const before = rejections.toRejectedSpans();
  const after = appendSpans(block, models, limits);
  const reasons = new Set([...before.reasons, ...after.reasons]);
  return { count: before.count + after.count, reasons: [...reasons].slice(0, MAX_REASONS) };
}
