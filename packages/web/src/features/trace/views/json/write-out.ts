import type { JsonLines } from './write-json.ts';
import type { WriteJsonAnswer } from './write-json.worker.ts';

/** Writes JSON out in a worker. Rejects when the signal is aborted, or when it is no JSON. */
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
