import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import { nanosFromMs } from '../../../state/search-state.ts';
import type { SearchState } from '../../../state/search-state.ts';
import { Button } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import type { FileJob, FileOpening } from './use-open-files.ts';

const text = messages.search.files;

/** How it stands with files that are being read, could not be, or wait for an answer. */
export function FileJobs({
  opening,
  onSearch,
}: {
  readonly opening: FileOpening;
  readonly onSearch: (state: SearchState) => void;
}): ReactNode {
  if (opening.jobs.length === 0) return undefined;
  return (
    <div className="file-jobs">
      {opening.jobs.map((job) => (
        <JobNotice key={job.id} job={job} opening={opening} onSearch={onSearch} />
      ))}
    </div>
  );
}

function JobNotice({
  job,
  opening,
  onSearch,
}: {
  readonly job: FileJob;
  readonly opening: FileOpening;
  readonly onSearch: (state: SearchState) => void;
}): ReactNode {
  const dismiss = (
    <Button look="quiet" onClick={() => opening.dismiss(job)}>
      {text.dismiss}
    </Button>
  );
  if (job.kind === 'reading') return <Notice kind="note" title={text.reading(job.name)} />;
  if (job.kind === 'sending') {
    return <Notice kind="note" title={text.sending(job.name, job.sentCount)} />;
  }
  if (job.kind === 'large') {
    return (
      <Notice kind="warning" title={text.large(job.name, formatSize(job.file.size))}>
        <span>{text.largeAdvice}</span>
        <Button onClick={() => opening.send(job)}>{text.send}</Button>
        {dismiss}
      </Notice>
    );
  }
  if (job.kind === 'sent') {
    return (
      <Notice kind="note" title={text.sent(job.name, job.sentCount)}>
        <Button onClick={() => onSearch(searchOf(job))}>{text.find}</Button>
        {dismiss}
      </Notice>
    );
  }
  if (job.kind === 'rejected') {
    return (
      <Notice kind="warning" title={job.name}>
        <span>{text.refused(job.count, job.reason)}</span>
        {dismiss}
      </Notice>
    );
  }
  return (
    <Notice kind="error" title={text.failed(job.name)}>
      <span>{reasonOf(job.kind, job.reason)}</span>
      {dismiss}
    </Notice>
  );
}

function reasonOf(kind: 'failed' | 'unknown' | 'empty' | 'crashed', reason: string): string {
  if (kind === 'unknown') return text.notTraces;
  if (kind === 'empty') return text.noSpans;
  return kind === 'crashed' ? text.crashed : reason;
}

/** Everything of the time that the file is of. */
function searchOf({ startMs, endMs }: FileJob & { readonly kind: 'sent' }): SearchState {
  return { attribute: [], limit: 50, start: nanosFromMs(startMs), end: nanosFromMs(endMs) };
}

function formatSize(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)}\u00a0MiB`;
}
