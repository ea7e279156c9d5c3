import type { JsonForm } from '../../../../state/view-options.ts';
import type { TraceClient } from '../../trace-client.ts';
import type { JsonLines } from './write-json.ts';
import type { WriteJsonAnswer } from './write-json.worker.ts';

export interface LoadJsonOptions {
  readonly traceId: string;
  readonly form: JsonForm;
  readonly signal: AbortSignal;
  /** Told how many bytes have come. */
  readonly onProgress: (bytes: number) => void;
}

/** The trace as the server writes it. */
export async function loadJson(client: TraceClient, options: LoadJsonOptions): Promise<Blob> {
  const { traceId, form, signal, onProgress } = options;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const stream = client.streamTrace(traceId, form === 'otlp' ? 'otlpJson' : 'json', { signal });
  for await (const part of stream) {
    parts.push(part as Uint8Array<ArrayBuffer>);
    bytes += part.length;
    onProgress(bytes);
  }
  return new Blob(parts, { type: 'application/json' });
}

/** Writes it out in a worker. Rejects when the signal is aborted, or when it is no JSON. */
export function writeOut(json: Blob, signal: AbortSignal): Promise<JsonLines> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./write-json.worker.ts', import.meta.url), {
      type: 'module',
    });
    const end = () => worker.terminate();
    signal.addEventListener('abort', () => {
      end();
      reject(signal.reason as Error);
    });
    worker.addEventListener('message', ({ data }: MessageEvent<WriteJsonAnswer>) => {
      end();
      if (data.type === 'lines') resolve(data.lines);
      else reject(new Error(data.message));
    });
    worker.addEventListener('error', (event) => {
      end();
      reject(new Error(event.message));
    });
    worker.postMessage(json);
  });
}
