import { diag } from '@opentelemetry/api';
import type { RecordingSpan } from '../trace/recording-span.ts';

type Print = (span: RecordingSpan) => void;

/**
 * `printFinishedTraces`, loaded in the first moments of the program, as few programs print; what ends until then waits. A program
 * that has nothing else to do stays for it.
 */
export function printSoon(write: (text: string) => void): Print {
  const waiting: RecordingSpan[] = [];
  let print: Print = (span) => waiting.push(span);
  const load = async (): Promise<void> => {
    try {
      const { printFinishedTraces } = await import('./print-finished-traces.ts');
      print = printFinishedTraces(write);
      for (const span of waiting.splice(0)) print(span);
    } catch (cause) {
      print = () => undefined;
      diag.error(`clew: traces cannot be printed: ${String(cause)}`);
    }
  };
  void load();
  return (span) => print(span);
}
