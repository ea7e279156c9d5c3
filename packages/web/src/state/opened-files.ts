import type { Trace } from '@clew/model';
import type { Readable } from './store.ts';

/** A trace that was read from a file in this browser, and that no server need know. */
export interface OpenedTrace {
  /** All that the file has of it; `toTraceColumns` of the model makes the columns of a timeline from it. */
  readonly trace: Trace;
  readonly fileName: string;
}

/**
 * The traces of files that were opened, until the page is closed or loaded anew. Their pages are at
 * `/trace/<id>?source=file`: whoever shows such an address asks `findOpenedTrace`, and says that the file is no longer open
 * where it finds nothing.
 */
export class OpenedFiles implements Readable<readonly OpenedTrace[]> {
  readonly #listeners = new Set<() => void>();
  #byId = new Map<string, OpenedTrace>();
  #all: readonly OpenedTrace[] = [];

  /** In the order in which they were opened. */
  readonly get = (): readonly OpenedTrace[] => this.#all;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** `traceId` as in the address: 32 digits, lower case. */
  findOpenedTrace(traceId: string): OpenedTrace | undefined {
    return this.#byId.get(traceId);
  }

  /** A trace that is open already gives way to what the newer file has of it. */
  open(fileName: string, traces: readonly Trace[]): void {
    for (const trace of traces) {
      this.#byId.delete(trace.traceId);
      this.#byId.set(trace.traceId, { trace, fileName });
    }
    this.#tell();
  }

  closeAll(): void {
    this.#byId = new Map();
    this.#tell();
  }

  #tell(): void {
    this.#all = [...this.#byId.values()];
    for (const listener of this.#listeners) listener();
  }
}
