import cliProgress from 'cli-progress';
import type { TraceFile } from './trace-file.ts';

/** Shows how far a file is, to somebody who watches. */
export interface Progress {
  update(importedSpans: number): void;
  /** Says why nothing moves; forgotten at the next update. */
  wait(reason: string): void;
  stop(): void;
}

const SILENT: Progress = {
  update: () => undefined,
  wait: () => undefined,
  stop: () => undefined,
};

const FRAMES_PER_SECOND = 5;

/** A bar on standard error when that is a terminal; otherwise nothing. */
export function startProgress(file: TraceFile): Progress {
  if (!process.stderr.isTTY) return SILENT;
  const { sizeBytes, readBytes } = file;
  // What comes through a pipe has no size, so that only what was done can be shown.
  const format = sizeBytes === undefined ? '{name} {spans} spans {note}' : BAR_FORMAT;
  const bar = new cliProgress.SingleBar(
    { format, stream: process.stderr, clearOnComplete: true, fps: FRAMES_PER_SECOND },
    cliProgress.Presets.shades_classic,
  );
  bar.start(sizeBytes ?? 0, 0, { name: file.name, spans: 0, note: '' });
  return {
    update: (spans) => bar.update(readBytes(), { spans, note: '' }),
    wait: (reason) => bar.update(readBytes(), { note: `(waiting: ${reason})` }),
    stop: () => bar.stop(),
  };
}

const BAR_FORMAT = '{name} [{bar}] {percentage}% {spans} spans, {eta_formatted} left {note}';
