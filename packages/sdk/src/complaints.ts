import { diag } from '@opentelemetry/api';
import { exceptionMessage } from './trace/exception.ts';

/** Different things that are told. What requests bring in must not fill the log. */
const MAX_COMPLAINTS = 20;

/** Tells through `diag` what is wrong, each thing only once, and not endlessly many. */
export class Complaints {
  readonly #told = new Set<string>();

  /** What was thrown is told with it, but another of it is nothing new. */
  tell(what: string, ...thrown: readonly [unknown?]): void {
    if (this.#told.has(what) || this.#told.size >= MAX_COMPLAINTS) return;
    this.#told.add(what);
    diag.warn(`clew: ${[what, ...thrown.map(exceptionMessage)].join(': ')}`);
  }
}
