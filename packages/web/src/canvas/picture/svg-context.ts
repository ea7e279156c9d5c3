/**
 * A 2D context that writes SVG: what is drawn by the code of a canvas becomes elements, in the order of drawing. Texts stay texts,
 * told how wide they are, so that another font moves nothing. Groups stand for `save` and `restore`: a translation and a clip open one,
 * `restore` closes what was opened since `save`.
 */
import { toRgbColor } from '../../base/rgb-color.ts';
import type { DrawContext } from '../draw-context.ts';
import { escapeXml } from './escape-xml.ts';

/** A canvas's context, asked for widths alone. */
export type TextRuler = Pick<CanvasRenderingContext2D, 'font' | 'measureText'>;

interface Style {
  fillStyle: DrawContext['fillStyle'];
  strokeStyle: DrawContext['strokeStyle'];
  font: string;
  globalAlpha: number;
  lineWidth: number;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
}

const DEFAULT_STYLE = {
  fillStyle: '#000000',
  strokeStyle: '#000000',
  font: '10px sans-serif',
  globalAlpha: 1,
  lineWidth: 1,
  textAlign: 'start',
  textBaseline: 'alphabetic',
} satisfies Style;

type RoundRect = Parameters<DrawContext['roundRect']>;

export class SvgContext implements DrawContext {
  fillStyle: Style['fillStyle'] = DEFAULT_STYLE.fillStyle;
  strokeStyle: Style['strokeStyle'] = DEFAULT_STYLE.strokeStyle;
  font: Style['font'] = DEFAULT_STYLE.font;
  globalAlpha: Style['globalAlpha'] = DEFAULT_STYLE.globalAlpha;
  lineWidth: Style['lineWidth'] = DEFAULT_STYLE.lineWidth;
  textAlign: Style['textAlign'] = DEFAULT_STYLE.textAlign;
  textBaseline: Style['textBaseline'] = DEFAULT_STYLE.textBaseline;
  readonly #ruler: TextRuler;
  readonly #elements: string[] = [];
  readonly #saved: { readonly style: Style; readonly groupCount: number }[] = [];
  #groupCount = 0;
  #path = '';
  /** Gradients and clips are referred to by number. */
  #definitionCount = 0;

  constructor(ruler: TextRuler) {
    this.#ruler = ruler;
  }

  /** All elements so far. Whatever was saved must have been restored. */
  get markup(): string {
    return this.#elements.join('\n');
  }

  save(): void {
    const { fillStyle, strokeStyle, font, globalAlpha, lineWidth, textAlign, textBaseline } = this;
    const style = { fillStyle, strokeStyle, font, globalAlpha, lineWidth, textAlign, textBaseline };
    this.#saved.push({ style, groupCount: this.#groupCount });
  }

  restore(): void {
    const saved = this.#saved.pop();
    if (saved === undefined) return;
    for (; this.#groupCount > saved.groupCount; this.#groupCount--) this.#elements.push('</g>');
    Object.assign(this, saved.style);
  }

  translate(xPx: number, yPx: number): void {
    this.#open(`transform="translate(${round(xPx)} ${round(yPx)})"`);
  }

  clip(): void {
    const id = this.#define(
      (name) => `<clipPath id="${name}"><path d="${this.#path}"/></clipPath>`,
    );
    this.#open(`clip-path="url(#${id})"`);
  }

  beginPath(): void {
    this.#path = '';
  }

  moveTo(xPx: number, yPx: number): void {
    this.#path += `M${round(xPx)} ${round(yPx)}`;
  }

  lineTo(xPx: number, yPx: number): void {
    this.#path += `L${round(xPx)} ${round(yPx)}`;
  }

  closePath(): void {
    this.#path += 'Z';
  }

  rect(xPx: number, yPx: number, widthPx: number, heightPx: number): void {
    this.#path += `M${round(xPx)} ${round(yPx)}h${round(widthPx)}v${round(heightPx)}h${round(-widthPx)}Z`;
  }

  /** Whole circles only: no picture of ours has another arc. */
  arc(xPx: number, yPx: number, radiusPx: number): void {
    const radius = round(radiusPx);
    const half = (toPx: number): string => `a${radius} ${radius} 0 1 0 ${round(toPx)} 0`;
    this.#path += `M${round(xPx - radiusPx)} ${round(yPx)}${half(2 * radiusPx)}${half(-2 * radiusPx)}Z`;
  }

  /** Corners from the upper left one on, clockwise, or one radius for all. */
  roundRect(...[xPx, yPx, widthPx, heightPx, radii = 0]: RoundRect): void {
    const [topLeft, topRight, bottomRight, bottomLeft] = cornersOf(radii);
    const corner = (radius: number, x: number, y: number): string =>
      radius === 0 ? '' : `a${round(radius)} ${round(radius)} 0 0 1 ${round(x)} ${round(y)}`;
    this.#path += [
      `M${round(xPx + topLeft)} ${round(yPx)}`,
      `h${round(widthPx - topLeft - topRight)}${corner(topRight, topRight, topRight)}`,
      `v${round(heightPx - topRight - bottomRight)}${corner(bottomRight, -bottomRight, bottomRight)}`,
      `h${round(bottomRight + bottomLeft - widthPx)}${corner(bottomLeft, -bottomLeft, -bottomLeft)}`,
      `v${round(bottomLeft + topLeft - heightPx)}${corner(topLeft, topLeft, -topLeft)}Z`,
    ].join('');
  }

  fill(): void {
    if (this.#path !== '') this.#add(`<path d="${this.#path}" ${this.#paint('fill')}/>`);
  }

  stroke(): void {
    if (this.#path === '') return;
    const width = `stroke-width="${round(this.lineWidth)}"`;
    this.#add(`<path d="${this.#path}" fill="none" ${this.#paint('stroke')} ${width}/>`);
  }

  fillRect(xPx: number, yPx: number, widthPx: number, heightPx: number): void {
    if (widthPx <= 0 || heightPx <= 0) return;
    const place = `x="${round(xPx)}" y="${round(yPx)}"`;
    const size = `width="${round(widthPx)}" height="${round(heightPx)}"`;
    this.#add(`<rect ${place} ${size} ${this.#paint('fill')}/>`);
  }

  fillText(text: string, xPx: number, yPx: number): void {
    if (text === '') return;
    const { width } = this.measureText(text);
    const leftPx =
      xPx - (this.textAlign === 'center' ? width / 2 : this.textAlign === 'right' ? width : 0);
    const place = `x="${round(leftPx)}" y="${round(yPx + this.#baselinePx(text))}"`;
    const length = width > 0 ? ` textLength="${round(width)}" lengthAdjust="spacingAndGlyphs"` : '';
    const words = escapeXml(text);
    this.#add(
      `<text ${place}${length} ${fontAttributes(this.font)} ${this.#paint('fill')}>${words}</text>`,
    );
  }

  measureText(text: string): TextMetrics {
    this.#ruler.font = this.font;
    return this.#ruler.measureText(text);
  }

  createLinearGradient(fromX: number, fromY: number, toX: number, toY: number): SvgGradient {
    return new SvgGradient([fromX, fromY, toX, toY]);
  }

  /** From the middle of the letters' box down to the line they stand on; not every program knows SVG's own baselines. */
  #baselinePx(text: string): number {
    if (this.textBaseline !== 'middle') return 0;
    const { fontBoundingBoxAscent, fontBoundingBoxDescent } = this.measureText(text);
    return (fontBoundingBoxAscent - fontBoundingBoxDescent) / 2;
  }

  #paint(name: 'fill' | 'stroke'): string {
    const style = name === 'fill' ? this.fillStyle : this.strokeStyle;
    if (style instanceof SvgGradient) return `${name}="url(#${this.#define(style.write)})"`;
    const { hex, opacity } = toRgbColor(
      typeof style === 'string' ? style : DEFAULT_STYLE.fillStyle,
    );
    const alpha = opacity * this.globalAlpha;
    const paint = `${name}="${escapeXml(hex)}"`;
    return alpha === 1 ? paint : `${paint} ${name}-opacity="${round(alpha)}"`;
  }

  #define(write: (id: string) => string): string {
    const id = `d${++this.#definitionCount}`;
    this.#elements.push(`<defs>${write(id)}</defs>`);
    return id;
  }

  #open(attributes: string): void {
    this.#elements.push(`<g ${attributes}>`);
    this.#groupCount++;
  }

  #add(element: string): void {
    this.#elements.push(element);
  }
}

/** A gradient along a line, in the coordinates of what it fills. */
class SvgGradient implements CanvasGradient {
  readonly #line: readonly [number, number, number, number];
  readonly #stops: string[] = [];

  constructor(line: readonly [number, number, number, number]) {
    this.#line = line;
  }

  addColorStop(offset: number, color: string): void {
    const { hex, opacity } = toRgbColor(color);
    this.#stops.push(
      `<stop offset="${round(offset)}" stop-color="${escapeXml(hex)}" stop-opacity="${round(opacity)}"/>`,
    );
  }

  readonly write = (id: string): string => {
    const [x1, y1, x2, y2] = this.#line.map(round);
    const line = `x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"`;
    const stops = this.#stops.join('');
    return `<linearGradient id="${id}" gradientUnits="userSpaceOnUse" ${line}>${stops}</linearGradient>`;
  };
}

function cornersOf(radii: NonNullable<RoundRect[4]>): readonly [number, number, number, number] {
  if (typeof radii === 'number') return [radii, radii, radii, radii];
  const [a = 0, b = a, c = a, d = b] = [...(radii as Iterable<number>)];
  return [a, b, c, d];
}

/** The parts of a CSS font: `500 15px Roboto, sans-serif`. */
function fontAttributes(font: string): string {
  const [, weight, size = '10', family = 'sans-serif'] =
    /^(?:(\d{3}) )?([\d.]+)px (.+)$/.exec(font) ?? [];
  const weighted = weight === undefined ? '' : ` font-weight="${weight}"`;
  return `font-family="${escapeXml(family)}" font-size="${size}"${weighted}`;
}

/** A hundredth of a pixel is finer than any screen. */
function round(value: number): string {
  return String(Number(value.toFixed(2)));
}
