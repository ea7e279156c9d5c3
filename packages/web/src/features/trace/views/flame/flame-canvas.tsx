import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { FrameScheduler } from '../../../../base/frame-scheduler.ts';
import { messages } from '../../../../messages/messages.ts';
import type { SelectedBy } from '../../../../state/trace-state.ts';
import { Store } from '../../../../state/store.ts';
import { walkFrames } from '../../../../trace/flame/walk-frames.ts';
import type { FlameStep } from '../../../../trace/flame/walk-frames.ts';
import { useTheme } from '../../../../ui/theme.tsx';
import { createPictureSource, usePictureSource } from '../../export/picture-source.ts';
import { canvasThemeOf } from '../../timeline/canvas-theme-of.ts';
import { focusUnlessTab } from '../../../../ui/focus-unless-tab.ts';
import { useScrollRestoring } from '../../../../ui/scroll-memory.ts';
import type { ScrollMemory } from '../../../../ui/scroll-memory.ts';
import { readOutFrame } from './facts-of-frame.ts';
import { FlameController } from './flame-controller.ts';
import type { FlamePicture } from './flame-controller.ts';
import { FlameTooltip } from './flame-tooltip.tsx';

export interface FlameCanvasProps {
  readonly picture: FlamePicture;
  readonly scheduler: FrameScheduler;
  readonly memory: ScrollMemory;
  readonly onSelect: (frame: number, by: SelectedBy) => void;
  /** By a click: selects it, zooms to it and shows its details. */
  readonly onClick: (frame: number) => void;
  /** Zooms to it. */
  readonly onOpen: (frame: number) => void;
  readonly onZoomOut: () => void;
  readonly onTable: () => void;
}

const STEPS: Readonly<Record<string, FlameStep>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** The picture of the flame graph. React makes its elements once; from then on the controller draws. */
export function FlameCanvas(props: FlameCanvasProps): ReactNode {
  const { picture, scheduler, memory } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const [pictureStore] = useState(() => new Store(picture));
  const [controller, setController] = useState<FlameController | undefined>(undefined);
  const [themeStore] = useState(() => new Store(canvasThemeOf(document.documentElement, theme)));
  const click = useEffectEvent((frame: number) => props.onClick(frame));
  const zoomOut = useEffectEvent(() => props.onZoomOut());
  const tellScroll = useEffectEvent((topPx: number) => props.memory.tell(topPx));
  const source = useMemo(
    () => controller && createPictureSource('flame', (...of) => controller.makePicture(...of)),
    [controller],
  );
  usePictureSource(source);

  useEffect(() => pictureStore.set(picture), [picture, pictureStore]);
  useEffect(() => {
    themeStore.set(canvasThemeOf(document.documentElement, theme));
  }, [theme, themeStore]);
  useEffect(() => {
    if (scroller.current === null || canvas.current === null) return undefined;
    const mounted = new FlameController({
      elements: { scroller: scroller.current, canvas: canvas.current },
      scheduler,
      picture: pictureStore,
      theme: themeStore,
      onClick: (frame) => click(frame),
      onZoomOut: () => zoomOut(),
      onScroll: (topPx) => tellScroll(topPx),
    });
    setController(mounted);
    focusUnlessTab(scroller.current);
    return () => {
      setController(undefined);
      mounted[Symbol.dispose]();
    };
  }, [scheduler, pictureStore, themeStore]);

  const { selected } = picture;
  useEffect(() => {
    if (selected !== undefined) controller?.reveal(selected);
  }, [selected, controller]);

  useScrollRestoring(memory, {
    isReady: controller !== undefined,
    scrollTo: (topPx) => controller?.scrollTo(topPx),
    begin: () => {
      if (selected !== undefined) controller?.reveal(selected);
    },
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const handled = pressKey(event.key, props);
    if (handled) event.preventDefault();
  };
  return (
    <div className="flame-frame">
      <div
        ref={scroller}
        className="flame-scroller"
        role="application"
        aria-roledescription={messages.trace.flame.label}
        aria-label={messages.trace.flame.picture}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <div className="flame-spacer">
          <canvas ref={canvas} className="flame-canvas" aria-hidden="true" />
        </div>
      </div>
      <p className="visually-hidden" role="status">
        {selected === undefined ? '' : readOutFrame(picture, selected)}
      </p>
      {controller === undefined ? undefined : (
        <FlameTooltip hover={controller.hover} picture={picture} />
      )}
    </div>
  );
}

/** Whether the key meant something here. */
function pressKey(key: string, props: FlameCanvasProps): boolean {
  const { picture } = props;
  const { selected, zoomed, layout } = picture;
  if (key === 't') {
    props.onTable();
    return true;
  }
  if (key === 'Escape' && zoomed !== undefined) {
    props.onZoomOut();
    return true;
  }
  if (key === 'Enter' && selected !== undefined && selected !== zoomed) {
    props.onOpen(selected);
    return true;
  }
  const step = STEPS[key];
  if (step === undefined) return false;
  const next =
    selected === undefined ? (zoomed ?? layout.rows[0]) : walkFrames(picture, selected, step);
  if (next !== undefined) props.onSelect(next, 'step');
  return true;
}
