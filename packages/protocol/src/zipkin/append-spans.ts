import type { Span, SpanBlock } from '@clew/model';
import { appendSpans } from '../otlp/from-model.ts';
import { checkSpanCount } from '../otlp/limits.ts';
import type { DecodeLimits } from '../otlp/limits.ts';
import { RejectionLog } from '../otlp/rejections.ts';
import type { RejectedSpans } from '../otlp/rejections.ts';
import { ZipkinTranslator } from './to-model.ts';
import type { ZipkinSpan } from './zipkin-span.ts';

/** Few enough that they are gone before the garbage collector has moved them, which would cost more than all the rest. */
const SPANS_AT_ONCE = 128;

const MAX_REASONS = 10;

/** Takes the spans of one request, translates them and appends them to a block, some at a time. */
export class ZipkinSpanAppender {
  /** For the spans that are refused before they get here. */
  readonly rejections: RejectionLog = new RejectionLog();
  readonly #block: SpanBlock;
  readonly #limits: DecodeLimits;
  readonly #translator = new ZipkinTranslator();
  readonly #reasons = new Set<string>();
  #rejectedCount = 0;
  #spanCount = 0;
  #waiting: Span[] = [];

  constructor(block: SpanBlock, limits: DecodeLimits) {
    this.#block = block;
    this.#limits = limits;
  }

  /** Throws `LimitError` when the request has too many spans; the block is then to be discarded. */
  add(span: ZipkinSpan): void {
    checkSpanCount(++this.#spanCount, this.#limits);
    this.#waiting.push(this.#translator.toModel(span));
    if (this.#waiting.length >= SPANS_AT_ONCE) this.#append();
  }

  /** Appends the last spans, and gives those of the request that were refused. */
  finish(): RejectedSpans {
    this.#append();
    const { count, reasons } = this.rejections.toRejectedSpans();
    const all = [...new Set([...reasons, ...this.#reasons])];
    return { count: count + this.#rejectedCount, reasons: all.slice(0, MAX_REASONS) };
  }

  #append(): void {
    if (this.#waiting.length === 0) return;
    const { count, reasons } = appendSpans(this.#block, this.#waiting, this.#limits);
    this.#waiting = [];
    this.#rejectedCount += count;
    for (const reason of reasons) if (this.#reasons.size < MAX_REASONS) this.#reasons.add(reason);
  }
}
