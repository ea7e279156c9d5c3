import cliProgress from 'cli-progress';

/** Shows how far something is, to somebody who watches. */
export interface Progress {
  /** `done` of the total; `what` says it in words. */
  update(done: number, what: string): void;
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
const BAR_FORMAT = '{name} [{bar}] {percentage}% {what}, {eta_formatted} left {note}';
/** Without a total only what was done can be shown. */
const COUNT_FORMAT = '{name} {what} {note}';

/** A bar on standard error when that is a terminal; otherwise nothing. */
export function startProgress(name: string, total: number | undefined): Progress {
  if (!process.stderr.isTTY) return SILENT;
  const format = total === undefined ? COUNT_FORMAT : BAR_FORMAT;
  const bar = new cliProgress.SingleBar(
    {
      format,
      stream: process.stderr,
      clearOnComplete: true,
      fps: FRAMES_PER_SECOND,
      etaBuffer: 50,
    },
    cliProgress.Presets.shades_classic,
  );
  bar.start(total ?? 0, 0, { name, what: '', note: '' });
  let lastDone = 0;
  return {
    update: (done, what) => {
      // Standing still is no speed that the rest could be reckoned from.
      if (done === lastDone) bar.update({ what, note: '' });
      else bar.update(done, { what, note: '' });
      lastDone = done;
    },
    wait: (reason) => bar.update({ note: `(waiting: ${reason})` }),
    stop: () => bar.stop(),
  };
}
