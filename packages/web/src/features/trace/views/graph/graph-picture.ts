/**
 * The graph as a picture that stands for itself. On the page it is SVG already, so that what is saved is that, at the size it is meant
 * to have and without what only a page has; it is painted by the browser, which needs the fonts in it.
 */
import { toRgbColor } from '../../../../base/rgb-color.ts';
import type { CanvasTheme } from '../../../../canvas/canvas-theme.ts';
import { captionHeightPx, drawCaption } from '../../../../canvas/picture/caption.ts';
import type { Caption } from '../../../../canvas/picture/caption.ts';
import { replaceForbidden } from '../../../../canvas/picture/escape-xml.ts';
import { paintPng } from '../../../../canvas/picture/paint-png.ts';
import type { Picture } from '../../../../canvas/picture/picture.ts';
import { SvgContext } from '../../../../canvas/picture/svg-context.ts';
import { wrapSvg } from '../../../../canvas/picture/write-svg.ts';
import { TextMeasurer } from '../../../../canvas/text-measurer.ts';
import { createTextRuler, pictureRatio } from '../../export/picture-source.ts';
import type { PictureSource } from '../../export/picture-source.ts';
import type { GraphLayout } from './layout-graph.ts';
import { writeFontFaces } from './write-font-faces.ts';

/** A caption needs room, whatever is below it. */
const MIN_WIDTH_PX = 640;

/** What a page needs and a picture does not. */
const PAGE_ATTRIBUTES = ['class', 'role', 'tabindex', 'aria-pressed', 'aria-label'] as const;

export interface DrawnGraph {
  /** The group that holds all nodes and edges. */
  readonly content: SVGGElement;
  readonly layout: GraphLayout;
  readonly theme: CanvasTheme;
}

/** `find` answers what is on the page. */
export function createGraphSource(find: () => DrawnGraph): PictureSource {
  const write = (caption: Caption, style: string): SizedSvg => writeGraph(find(), caption, style);
  return {
    name: 'graph',
    writeSvg: (caption) => write(caption, '').text,
    paintPng: async (caption) => {
      const svg = write(caption, `<style>${await writeFontFaces()}</style>`);
      const image = await loadSvg(svg.text);
      const { widthPx, heightPx } = svg;
      // A canvas is all it is painted on.
      const draw = (context: Parameters<Picture['draw']>[0]) =>
        (context as CanvasRenderingContext2D).drawImage(image, 0, 0, widthPx, heightPx);
      const { background } = find().theme;
      return paintPng({ ...svg, title: caption.title, background, draw }, pictureRatio());
    },
  };
}

interface SizedSvg {
  readonly text: string;
  readonly widthPx: number;
  readonly heightPx: number;
}

function writeGraph(
  { content, layout, theme }: DrawnGraph,
  caption: Caption,
  style: string,
): SizedSvg {
  const widthPx = Math.ceil(Math.max(layout.widthPx, MIN_WIDTH_PX));
  const topPx = captionHeightPx(caption);
  const heightPx = Math.ceil(topPx + layout.heightPx);
  const head = new SvgContext(createTextRuler());
  drawCaption(head, caption, { widthPx, theme, text: new TextMeasurer() });
  const copy = content.cloneNode(true) as SVGGElement;
  copy.setAttribute('transform', `translate(${(widthPx - layout.widthPx) / 2} ${topPx})`);
  for (const element of copy.querySelectorAll('*')) standAlone(element);
  keepWidths(content, copy);
  const body = replaceForbidden(new XMLSerializer().serializeToString(copy));
  const size = { title: caption.title, widthPx, heightPx, background: theme.background };
  return { text: wrapSvg(size, [style, head.markup, body].join('\n')), widthPx, heightPx };
}

function standAlone(element: Element): void {
  for (const name of PAGE_ATTRIBUTES) element.removeAttribute(name);
  for (const name of ['fill', 'stroke'] as const) {
    const color = element.getAttribute(name);
    if (color === null) continue;
    const { hex, opacity } = toRgbColor(color);
    element.setAttribute(name, hex);
    if (opacity < 1) element.setAttribute(`${name}-opacity`, String(opacity));
  }
}

/** Tells each text how wide it is on the page, so that another font moves nothing. */
function keepWidths(content: SVGGElement, copy: SVGGElement): void {
  const copies = copy.querySelectorAll('text');
  content.querySelectorAll('text').forEach((text, at) => {
    copies[at]?.setAttribute('textLength', text.getComputedTextLength().toFixed(2));
    copies[at]?.setAttribute('lengthAdjust', 'spacingAndGlyphs');
  });
}

async function loadSvg(text: string): Promise<HTMLImageElement> {
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}
