import { useRef, useState } from 'react';
import type { OpenedFiles } from '../../../state/opened-files.ts';
import { runFileWorker } from './run-file-worker.ts';

/** How it stands with a file that was chosen. Those that were opened without a word are in the list. */
export type FileJob = { readonly id: number; readonly name: string } & (
  | { readonly kind: 'reading' }
  | { readonly kind: 'large'; readonly file: File }
  | { readonly kind: 'sending'; readonly sentCount: number }
  | {
      readonly kind: 'sent';
      readonly sentCount: number;
      readonly startMs: number;
      readonly endMs: number;
    }
  | { readonly kind: 'failed' | 'unknown' | 'empty' | 'crashed'; readonly reason: string }
  | { readonly kind: 'rejected'; readonly count: number; readonly reason: string }
);

/** Larger ones make objects that a tab has no room for: some ten times their size. */
export const MAX_OPEN_BYTES: number = 32 * 1024 ** 2;

export interface FileOpening {
  readonly jobs: readonly FileJob[];
  /** Opens files, and asks about those that are too large. */
  readonly open: (files: readonly File[]) => void;
  /** Sends the spans of one that was too large. */
  readonly send: (job: FileJob & { readonly kind: 'large' }) => void;
  readonly dismiss: (job: FileJob) => void;
}

/** `otlpUrl` is where the server takes spans. */
export function useOpenFiles(
  opened: OpenedFiles,
  { otlpUrl, onOpened }: { readonly otlpUrl: string; readonly onOpened: () => void },
): FileOpening {
  const [jobs, setJobs] = useState<readonly FileJob[]>([]);
  const nextId = useRef(0);
  const put = (job: FileJob) =>
    setJobs((all) =>
      all.some(({ id }) => id === job.id)
        ? all.map((one) => (one.id === job.id ? job : one))
        : [...all, job],
    );
  const dismiss = ({ id }: { readonly id: number }) =>
    setJobs((all) => all.filter((one) => one.id !== id));

  const openOne = async (file: File): Promise<boolean> => {
    const about = { id: nextId.current++, name: file.name };
    if (file.size > MAX_OPEN_BYTES) {
      put({ ...about, kind: 'large', file });
      return false;
    }
    put({ ...about, kind: 'reading' });
    const answer = await runFileWorker({ file }, () => undefined);
    if (answer.kind !== 'decoded') {
      const kind = answer.kind === 'failed' || answer.kind === 'unknown' ? answer.kind : 'crashed';
      put({ ...about, kind, reason: answer.kind === 'failed' ? answer.reason : '' });
      return false;
    }
    const { traces, rejectedCount, reasons } = answer;
    if (rejectedCount > 0) {
      put({ ...about, kind: 'rejected', count: rejectedCount, reason: reasons.join('; ') });
    } else if (traces.length === 0) put({ ...about, kind: 'empty', reason: '' });
    else dismiss(about);
    opened.open(file.name, traces);
    return traces.length > 0;
  };

  const send = async (job: FileJob & { readonly kind: 'large' }): Promise<void> => {
    const about = { id: job.id, name: job.name };
    put({ ...about, kind: 'sending', sentCount: 0 });
    const answer = await runFileWorker({ file: job.file, sendTo: otlpUrl }, (sentCount) =>
      put({ ...about, kind: 'sending', sentCount }),
    );
    if (answer.kind === 'sent') {
      const { sentCount, startMs, endMs } = answer;
      put({ ...about, kind: 'sent', sentCount, startMs, endMs });
    } else {
      const kind = answer.kind === 'failed' || answer.kind === 'unknown' ? answer.kind : 'crashed';
      put({ ...about, kind, reason: answer.kind === 'failed' ? answer.reason : '' });
    }
  };

  return {
    jobs,
    open: (files) =>
      void Promise.all(files.map(openOne)).then((done) => done.includes(true) && onOpened()),
    send: (job) => void send(job),
    dismiss,
  };
}
