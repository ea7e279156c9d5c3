/** The sans of the page as rules that carry their files: an SVG that is an image gets at none of the page's fonts. */
export async function writeFontFaces(): Promise<string> {
  const rules = [...document.styleSheets].flatMap((sheet) =>
    fontFacesOf(sheet).map((rule) => ({ rule, base: sheet.href ?? document.baseURI })),
  );
  const faces = await Promise.all(rules.map(({ rule, base }) => writeFontFace(rule, base)));
  return faces.join('\n');
}

function fontFacesOf(sheet: CSSStyleSheet): readonly CSSFontFaceRule[] {
  return [...sheet.cssRules].filter(
    (rule): rule is CSSFontFaceRule =>
      rule instanceof CSSFontFaceRule && /^["']?Roboto["']?$/.test(familyOf(rule)),
  );
}

function familyOf({ style }: CSSFontFaceRule): string {
  return style.getPropertyValue('font-family');
}

async function writeFontFace({ style }: CSSFontFaceRule, base: string): Promise<string> {
  const [, address = ''] = /url\(["']?([^"')]+)/.exec(style.getPropertyValue('src')) ?? [];
  const response = await fetch(new URL(address, base));
  const bytes = new Uint8Array(await response.arrayBuffer());
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const weight = style.getPropertyValue('font-weight');
  const source = `url(data:font/woff2;base64,${btoa(binary)}) format("woff2")`;
  return `@font-face{font-family:Roboto;font-weight:${weight};src:${source}}`;
}
