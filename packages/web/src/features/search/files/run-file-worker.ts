import type { FileAnswer, FileRequest } from './file-worker.ts';

/**
 * Has a file read beside the page; resolves with the last answer. A worker that ends by itself, as when memory runs out, is an
 * answer too.
 */
export function runFileWorker(
  request: FileRequest,
  onProgress: (sentCount: number) => void,
): Promise<FileAnswer | { readonly kind: 'crashed' }> {
  const worker = new Worker(new URL('./file-worker.ts', import.meta.url), { type: 'module' });
  return new Promise<FileAnswer | { readonly kind: 'crashed' }>((resolve) => {
    worker.addEventListener('message', ({ data }: MessageEvent<FileAnswer>) => {
      if (data.kind === 'progress') onProgress(data.sentCount);
      else resolve(data);
    });
    worker.addEventListener('error', () => resolve({ kind: 'crashed' }));
    worker.postMessage(request);
  }).finally(() => worker.terminate());
}
