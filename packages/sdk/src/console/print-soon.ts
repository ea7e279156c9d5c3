import { diag } from '@opentelemetry/api';
import type { RecordingSpan } from '../trace/recording-span.ts';
import type { TracePrinter } from './print-finished-traces.ts';

/** Prints traces; nothing of it throws or rejects. */
export interface SoonPrinter {
  readonly onEnd: (span: RecordingSpan) => void;
  /** Resolves when all that has ended is printed, whole or not. */
  readonly printAll: () => Promise<void>;
}

/**
 * `printFinishedTraces`, loaded in the first moments of the program, as few programs print; what ends until then waits. A program
 * that has nothing else to do stays for it.
 */
export function printSoon(write: (text: string) => void): SoonPrinter {
  const waiting: RecordingSpan[] = [];
  let printer: TracePrinter = {
    onEnd: (span) => waiting.push(span),
    printAll: () => undefined,
  };
  const load = async (): Promise<void> => {
    try {
      const { printFinishedTraces } = await import('./print-finished-traces.ts');
      printer = printFinishedTraces(write);
      for (const span of waiting.splice(0)) printer.onEnd(span);
    } catch (cause) {
      printer = { onEnd: () => undefined, printAll: () => undefined };
      diag.error(`clew: traces cannot be printed: ${String(cause)}`);
    }
  };
  const loaded = load();
  return {
    onEnd: (span) => printer.onEnd(span),
    printAll: async () => {
      await loaded;
      printer.printAll();
    },
  };
}
