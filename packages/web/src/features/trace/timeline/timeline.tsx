import { useEffect, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import type { FrameScheduler } from '../../../base/frame-scheduler.ts';
import { messages } from '../../../messages/messages.ts';
import type { Readable } from '../../../state/store.ts';
import { openBrowserStorage } from '../../../state/browser-storage.ts';
import { readTraceLayout, writeTraceLayout } from '../../../state/trace-layout.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import { mayTakeFocus } from '../../../ui/embed.tsx';
import { useCommands } from '../../../ui/commands.tsx';
import { useTheme } from '../../../ui/theme.tsx';
import { createPictureSource, usePictureSource } from '../export/picture-source.ts';
import type { PictureSource } from '../export/picture-source.ts';
import { Splitter } from '../splitter.tsx';
import type { TraceClient } from '../trace-client.ts';
import { canvasThemeOf } from './canvas-theme-of.ts';
import { ColorLegend } from './color-legend.tsx';
import { FoldButtons } from './fold-buttons.tsx';
import { PathButtons } from './path-buttons.tsx';
import { timelineCommands } from './timeline-commands.ts';
import { TimelineController } from './timeline-controller.ts';
import type { TimelineElements } from './timeline-elements.ts';
import { RangeHandle } from './range-handle.tsx';
import './timeline.css';
import './tree/tree.css';

export interface TimelineProps {
  readonly client: TraceClient;
  readonly state: TraceState;
  readonly scheduler: FrameScheduler;
  readonly matches: Readable<Uint8Array | undefined>;
  /** Filled while the timeline is on the page. */
  readonly controller: RefObject<TimelineController | undefined>;
}

/**
 * Minimap, ruler, tree and waterfall. React makes the elements once; from then on the controller writes and draws into
 * them, and nothing here renders again while one scrolls, zooms or points.
 */
export function Timeline(props: TimelineProps): ReactNode {
  const { client, state, scheduler, matches, controller } = props;
  const root = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  useCommands(timelineCommands(state, () => controller.current));
  const [picture, setPicture] = useState<PictureSource | undefined>(undefined);
  usePictureSource(picture);
  const [treeWidthPx] = useState(() => readTraceLayout(openBrowserStorage()).treeWidthPx);

  useEffect(() => {
    if (root.current === null) return undefined;
    const elements = findElements(root.current);
    const canvasTheme = canvasThemeOf(root.current, theme);
    const mounted = new TimelineController({
      elements,
      state,
      scheduler,
      matches,
      theme: canvasTheme,
    });
    controller.current = mounted;
    if (mayTakeFocus()) mounted.focus();
    setPicture(createPictureSource('timeline', (...of) => mounted.makePicture(...of)));
    return () => {
      setPicture(undefined);
      controller.current = undefined;
      mounted[Symbol.dispose]();
    };
    // The theme is read once here; the effect below follows it.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [state, scheduler, matches, controller]);

  useEffect(() => {
    if (root.current !== null) controller.current?.setTheme(canvasThemeOf(root.current, theme));
  }, [theme, controller]);

  return (
    <div className="timeline-frame">
      <div className="timeline" ref={root}>
        <div className="timeline-legend">
          <PathButtons state={state} />
          <ColorLegend client={client} state={state} />
        </div>
        <div className="timeline-minimap">
          <canvas data-part="minimap" aria-hidden="true" />
          <RangeHandle edge="start" state={state} />
          <RangeHandle edge="end" state={state} />
        </div>
        <div className="timeline-tree-head">
          <span>{messages.trace.tree.head}</span>
          <span className="tree-depth" data-part="depth" />
          <FoldButtons state={state} />
        </div>
        <div className="timeline-ruler">
          <canvas data-part="ruler" aria-hidden="true" />
        </div>
        <TimelineRows />
        <Splitter
          label={messages.trace.tree.width}
          target={root}
          variable="--tree-width"
          initialPx={treeWidthPx}
          minPx={96}
          minOtherPx={140}
          side="left"
          onCommit={(widthPx) => writeTraceLayout(openBrowserStorage(), { treeWidthPx: widthPx })}
        />
        <div className="timeline-tooltip" data-part="tooltip" hidden aria-hidden="true" />
      </div>
    </div>
  );
}

/** Tree and waterfall: both stick to what scrolls, and draw the rows that would be in view. */
function TimelineRows(): ReactNode {
  return (
    <div
      className="timeline-scroller"
      data-part="scroller"
      role="treegrid"
      aria-label={messages.trace.tree.label}
      tabIndex={0}
    >
      <div className="timeline-spacer" data-part="spacer">
        <div className="timeline-view">
          <div className="timeline-tree" data-part="tree" role="presentation">
            <canvas data-part="tree-picture" aria-hidden="true" />
            <div className="tree-rows" data-part="rows" role="rowgroup" />
          </div>
          <canvas data-part="waterfall" aria-hidden="true" />
        </div>
      </div>
    </div>
  );
}

function findElements(root: HTMLElement): TimelineElements {
  const find = (part: string) => {
    const element = root.querySelector<HTMLElement>(`[data-part="${part}"]`);
    if (element === null) throw new Error(`the timeline has no ${part}`);
    return element;
  };
  const findCanvas = (part: string) => {
    const element = find(part);
    if (element instanceof HTMLCanvasElement) return element;
    throw new Error(`the timeline's ${part} is no canvas`);
  };
  return {
    root,
    minimap: findCanvas('minimap'),
    minimapStart: find('start'),
    minimapEnd: find('end'),
    ruler: findCanvas('ruler'),
    scroller: find('scroller'),
    spacer: find('spacer'),
    depth: find('depth'),
    tree: find('tree'),
    treePicture: findCanvas('tree-picture'),
    rows: find('rows'),
    waterfall: findCanvas('waterfall'),
    tooltip: find('tooltip'),
  };
}
