import { useEffect, useMemo, useState } from 'react';
import { layoutFlame } from '../../../../trace/flame/layout-flame.ts';
import type { FlameLayout, FlameWidth } from '../../../../trace/flame/layout-flame.ts';
import { mergeCallPaths, pickCallPathSource } from '../../../../trace/flame/merge-call-paths.ts';
import type { CallPaths } from '../../../../trace/flame/merge-call-paths.ts';
import type { TraceView } from '../../../../trace/trace-view.ts';
import type { FlameAnswer, FlameQuestion } from './flame.worker.ts';

export interface Flame {
  readonly paths: CallPaths;
  readonly layout: FlameLayout;
}

/** Fewer spans take less than a frame, and need no messages. */
const MAX_ON_PAGE = 10_000;

/** The flame graph of a trace; undefined while a worker makes it. An earlier width, and earlier colours, stay until the next are there. */
export function useFlame(view: TraceView, by: FlameWidth): Flame | undefined {
  const isSmall = view.spanCount <= MAX_ON_PAGE;
  const paths = useMemo(() => (isSmall ? mergeCallPaths(view) : undefined), [isSmall, view]);
  const small = useMemo(
    () => (paths === undefined ? undefined : { paths, layout: layoutFlame(paths, by) }),
    [paths, by],
  );
  const large = useWorkerFlame(isSmall ? undefined : view, by);
  return small ?? large;
}

interface MadeFlame extends Flame {
  readonly of: TraceView;
}

function useWorkerFlame(view: TraceView | undefined, by: FlameWidth): Flame | undefined {
  const worker = useMemo(() => (view === undefined ? undefined : new FlameWorker(view)), [view]);
  const [made, setMade] = useState<MadeFlame | undefined>(undefined);
  const [error, setError] = useState<Error | undefined>(undefined);
  useEffect(() => {
    worker?.listen(setMade, setError);
    return () => worker?.stop();
  }, [worker]);
  useEffect(() => worker?.layOut(by), [worker, by]);
  if (error !== undefined) throw error;
  return made !== undefined && made.of.columns === view?.columns ? made : undefined;
}

/** One worker for one trace. It is started when somebody listens, as effects may run twice. */
class FlameWorker {
  readonly #view: TraceView;
  #worker: Worker | undefined;
  #paths: CallPaths | undefined;

  constructor(view: TraceView) {
    this.#view = view;
  }

  listen(onMade: (flame: MadeFlame) => void, onError: (error: Error) => void): void {
    const worker = new Worker(new URL('./flame.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<FlameAnswer>) => {
      // Every answer has the same paths: those that came first are kept, as others hang on them.
      this.#paths ??= data.paths;
      onMade({ paths: this.#paths, layout: data.layout, of: this.#view });
    });
    worker.addEventListener('error', (event) => onError(new Error(event.message)));
    this.#worker = worker;
    this.#ask({ type: 'merge', source: pickCallPathSource(this.#view) });
  }

  layOut(by: FlameWidth): void {
    this.#ask({ type: 'layout', by });
  }

  stop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #ask(question: FlameQuestion): void {
    this.#worker?.postMessage(question);
  }
}
