import { toRgbColor } from '../../base/rgb-color.ts';
import { escapeXml } from './escape-xml.ts';
import type { Picture } from './picture.ts';
import { SvgContext } from './svg-context.ts';
import type { TextRuler } from './svg-context.ts';

/** The picture as an SVG document. `ruler` measures its texts. */
export function writeSvg(picture: Picture, ruler: TextRuler): string {
  const context = new SvgContext(ruler);
  picture.draw(context);
  return wrapSvg(picture, context.markup);
}

/** An SVG document of the picture's size and ground around elements. */
export function wrapSvg(
  { title, widthPx, heightPx, background }: Omit<Picture, 'draw'>,
  markup: string,
): string {
  const size = `width="${widthPx}" height="${heightPx}" viewBox="0 0 ${widthPx} ${heightPx}"`;
  const { hex } = toRgbColor(background);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" xml:space="preserve">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="100%" height="100%" fill="${escapeXml(hex)}"/>`,
    markup,
    '</svg>',
    '',
  ].join('\n');
}
