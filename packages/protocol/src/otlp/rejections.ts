import { shorten } from '@clew/model';

/** The spans of a request that were refused while the rest was kept. */
export interface RejectedSpans {
  readonly count: number;
  /** Distinct, at most 10, each naming what is wrong and the offending value shortened. */
  readonly reasons: readonly string[];
}

const MAX_REASONS = 10;

/** Counts refused spans and keeps the first few reasons. */
export class RejectionLog {
  readonly #reasons = new Set<string>();
  count = 0;

  /** `describe` is asked only while there is room for another reason. */
  add(describe: () => string): void {
    this.count++;
    if (this.#reasons.size < MAX_REASONS) this.#reasons.add(describe());
  }

  toRejectedSpans(): RejectedSpans {
    return { count: this.count, reasons: [...this.#reasons] };
  }
}

/** An offending value as it stands in a reason. */
export function quote(value: string): string {
  return `"${shorten(value)}"`;
}
