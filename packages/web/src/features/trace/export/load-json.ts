import type { TraceForm } from '@clew/api';
import type { TraceClient } from '../trace-client.ts';

export interface LoadJsonOptions {
  readonly traceId: string;
  readonly form: TraceForm;
  readonly signal: AbortSignal;
  /** Told how many bytes have come. */
  readonly onProgress: (bytes: number) => void;
}

/** The trace as the server writes it. */
export async function loadJson(client: TraceClient, options: LoadJsonOptions): Promise<Blob> {
  const { traceId, form, signal, onProgress } = options;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const part of client.streamTrace(traceId, form, { signal })) {
    parts.push(part as Uint8Array<ArrayBuffer>);
    bytes += part.length;
    onProgress(bytes);
  }
  return new Blob(parts, { type: 'application/json' });
}
