import { formatDuration } from '../../../../base/format.ts';
import { isSameTimeRange } from '../../../../base/time-range.ts';
import { CanvasSurface } from '../../../../canvas/canvas-surface.ts';
import type { CanvasTheme } from '../../../../canvas/canvas-theme.ts';
import { drawMinimap } from '../../../../canvas/minimap.ts';
import { rasterizeMinimap } from '../../../../canvas/minimap-raster.ts';
import type { PathStretches } from '../../../../trace/trace-insight.ts';
import type { TraceView } from '../../../../trace/trace-view.ts';
import { packColors } from '../canvas-theme-of.ts';
import { pick } from '../../../../state/pick.ts';
import { drawOnChange, shownPath } from '../timeline-context.ts';
import type { TimelineContext } from '../timeline-context.ts';

/** Room above and below the spans. */
const PADDING_PX = 4;

/** Keeps the minimap in step with the stores; its picture of all spans is made anew only for another trace, size or theme. */
export function mountMinimap(context: TimelineContext): Disposable {
  const { elements, state, layout, scheduler, theme } = context;
  const surface = new CanvasSurface(elements.minimap);
  const pictures = new PictureCache();
  const draw = () => {
    const { waterfallWidthPx: widthPx, minimapHeightPx: heightPx } = layout.sizes.get();
    if (widthPx === 0 || heightPx <= 2 * PADDING_PX) return;
    surface.resize({ widthPx, heightPx, devicePixelRatio });
    const scale = layout.overviewScale;
    const range = state.range.get();
    const { timeNs } = state.hover.get();
    const draft = state.draftRange.get();
    drawMinimap(surface.begin(), {
      picture: pictures.get({
        view: state.view.get(),
        path: shownPath(state),
        theme: theme.get(),
        width: Math.round(scale.px.widthPx * devicePixelRatio),
        height: Math.round((heightPx - 2 * PADDING_PX) * devicePixelRatio),
      }),
      scale,
      widthPx,
      heightPx,
      paddingPx: PADDING_PX,
      theme: theme.get(),
      visible: isSameTimeRange(range, state.bounds) ? undefined : range,
      cursorPx: timeNs === undefined || draft !== undefined ? undefined : scale.toPx(timeNs),
      draft,
    });
    writeHandle(elements.minimapStart, scale.toPx(range.startNs), range.startNs);
    writeHandle(elements.minimapEnd, scale.toPx(range.endNs), range.endNs);
  };
  const { view, range, hover, draftRange, insights } = state;
  const { insight, path } = insights;
  const hoverTime = pick(hover, ({ timeNs }) => timeNs);
  const drawn = [view, range, hoverTime, draftRange, insight, path, layout.sizes, theme];
  return drawOnChange(scheduler, drawn, draw);
}

/** The handles are for the keyboard and for screen readers; what one sees of them is on the canvas. */
function writeHandle(handle: HTMLElement, xPx: number, ns: number): void {
  handle.style.setProperty('--handle-x', `${xPx}px`);
  handle.setAttribute('aria-valuenow', String(Math.round(ns)));
  handle.setAttribute('aria-valuetext', formatDuration(ns));
}

interface PictureOf {
  readonly view: TraceView;
  readonly path: PathStretches | undefined;
  readonly theme: CanvasTheme;
  readonly width: number;
  readonly height: number;
}

class PictureCache {
  #of: PictureOf | undefined;
  readonly #canvas = document.createElement('canvas');

  get(of: PictureOf): HTMLCanvasElement {
    const last = this.#of;
    const isSame =
      last?.view === of.view &&
      last.path === of.path &&
      last.theme === of.theme &&
      last.width === of.width &&
      last.height === of.height;
    if (!isSame) this.#draw(of);
    return this.#canvas;
  }

  #draw(of: PictureOf): void {
    this.#of = of;
    const { view, path, theme, width, height } = of;
    this.#canvas.width = width;
    this.#canvas.height = height;
    const colors = packColors([...theme.serviceSolid, theme.warningMark, theme.error]);
    const pixels = rasterizeMinimap(view, {
      width,
      height,
      serviceColors: colors.subarray(0, -2),
      pathColor: colors.at(-2) ?? 0,
      path,
      errorColor: colors.at(-1) ?? 0,
    });
    const bytes = new Uint8ClampedArray(pixels.buffer as ArrayBuffer);
    this.#canvas.getContext('2d')?.putImageData(new ImageData(bytes, width, height), 0, 0);
  }
}
