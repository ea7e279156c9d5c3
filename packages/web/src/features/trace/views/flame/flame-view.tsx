import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../../messages/messages.ts';
import type { SelectedBy, TraceState } from '../../../../state/trace-state.ts';
import { FLAME_WIDTHS } from '../../../../trace/flame/layout-flame.ts';
import { spansOfFrame } from '../../../../trace/flame/merge-call-paths.ts';
import { findSpanByKey, formatSpanKey } from '../../../../trace/span-key.ts';
import { Button } from '../../../../ui/button.tsx';
import type { CommandSection } from '../../../../ui/command-table.ts';
import { useCommands } from '../../../../ui/commands.tsx';
import { ProgressLine } from '../../../../ui/progress-line.tsx';
import { useReadable } from '../../use-readable.ts';
import { useScrollMemory } from '../../use-scroll-memory.ts';
import { ColorLegend } from '../../timeline/color-legend.tsx';
import { Segments } from '../../../../ui/segments.tsx';
import type { ViewProps } from '../view-props.ts';
import { ViewTools } from '../view-tools.tsx';
import { FlameCanvas } from './flame-canvas.tsx';
import { FlamePath } from './flame-path.tsx';
import { FlameTable } from './flame-table.tsx';
import { FrameSpans } from './frame-spans.tsx';
import { useFlame } from './use-flame.ts';
import type { Flame } from './use-flame.ts';
import './flame-view.css';

const TEXTS = messages.trace.flame;

/** The picture has these keys while it has the focus. */
const KEYS: CommandSection = {
  title: TEXTS.keys.title,
  reach: 'view',
  commands: [
    { name: TEXTS.keys.move, keys: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] },
    { name: TEXTS.keys.zoom, keys: ['Enter', 'Escape'] },
    { name: TEXTS.keys.table, keys: ['t'] },
  ],
};

/** Where the time of the trace went: its spans merged by the path of calls that led to them. */
export function FlameView(props: ViewProps): ReactNode {
  useCommands(KEYS);
  const view = useReadable(props.state.view);
  const { flameWidth } = useReadable(props.state.options);
  const flame = useFlame(view, flameWidth);
  if (flame === undefined) {
    return (
      <>
        <ProgressLine active label={TEXTS.making} />
        <p className="view-note" role="status">
          {TEXTS.making}
        </p>
      </>
    );
  }
  return <MadeFlame {...props} flame={flame} />;
}

function MadeFlame({
  client,
  state,
  find,
  scheduler,
  flame: { paths, layout },
}: ViewProps & { readonly flame: Flame }): ReactNode {
  const view = useReadable(state.view);
  const { flameFrame, asTable } = useReadable(state.options);
  const selected = useReadable(state.selection);
  const matches = useReadable(find.matches);
  const memory = useScrollMemory(state, 'flame');
  const tableMemory = useScrollMemory(state, 'frames');
  const frameOf = (spanIndex: number | undefined) =>
    spanIndex === undefined ? undefined : paths.frameOfSpan[spanIndex];
  const zoomed = frameOf(flameFrame === undefined ? undefined : findSpanByKey(view, flameFrame));
  const found = useMemo(() => {
    if (matches === undefined) return undefined;
    const frames = new Uint8Array(paths.frameCount);
    matches.forEach((mark, index) => mark === 1 && (frames[paths.frameOfSpan[index] ?? 0] = 1));
    return frames;
  }, [matches, paths]);

  const select = (frame: number, by: SelectedBy) => {
    const longest = spansOfFrame(view, paths, frame)[0];
    if (longest !== undefined && frameOf(state.selection.get()) !== frame)
      state.select(longest, by);
  };
  const zoom = (frame: number | undefined) => {
    const first = frame === undefined ? -1 : paths.frameOfSpan.indexOf(frame);
    state.setOptions({ flameFrame: first < 0 ? undefined : formatSpanKey(view, first) });
  };
  const selectedFrame = frameOf(selected);
  const picture = useMemo(
    () => ({ paths, layout, zoomed, selected: selectedFrame, found }),
    [paths, layout, zoomed, selectedFrame, found],
  );
  return (
    <>
      <FlameTools state={state} />
      <div className="timeline-legend flame-legend">
        <ColorLegend client={client} state={state} />
      </div>
      <FlamePath paths={paths} zoomed={zoomed} onZoom={zoom} />
      {asTable ? (
        <FlameTable
          picture={picture}
          memory={tableMemory}
          onSelect={select}
          onPicture={() => state.setOptions({ asTable: false })}
        />
      ) : (
        <FlameCanvas
          picture={picture}
          memory={memory}
          scheduler={scheduler}
          onSelect={select}
          onClick={(frame) => {
            select(frame, 'jump');
            zoom(frame);
            state.isDetailOpen.set(true);
          }}
          onOpen={zoom}
          onZoomOut={() => zoom(undefined)}
          onTable={() => state.setOptions({ asTable: true })}
        />
      )}
      {selectedFrame === undefined ? undefined : (
        <FrameSpans view={view} state={state} paths={paths} frame={selectedFrame} />
      )}
    </>
  );
}

function FlameTools({ state }: { readonly state: TraceState }): ReactNode {
  const { flameWidth, asTable } = useReadable(state.options);
  return (
    <ViewTools>
      <Segments
        label={TEXTS.width}
        value={flameWidth}
        options={FLAME_WIDTHS.map((value) => ({
          value,
          label: TEXTS[value],
          title: value === 'self' ? TEXTS.selfTitle : TEXTS.totalTitle,
        }))}
        onChange={(next) => state.setOptions({ flameWidth: next })}
      />
      <Button aria-pressed={asTable} onClick={() => state.setOptions({ asTable: !asTable })}>
        {TEXTS.table}
      </Button>
    </ViewTools>
  );
}
