import type { Locator, Page } from '@playwright/test';

export interface Contrast {
  readonly text: string;
  /** WCAG's ratio of the text's luminance to its ground's: 1 for none, 21 for black on white. */
  readonly contrast: number;
}

/** Reads how well the texts of visible elements stand out from what is behind them. */
export function readContrasts(elements: Locator): Promise<Contrast[]> {
  return elements.evaluateAll((found) => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    if (canvas === null) throw new Error('no canvas');
    // A canvas resolves every way to write a colour, OKLCH too.
    const resolve = (color: string): [number, number, number, number] => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
      return [red, green, blue, alpha];
    };
    const luminance = ([red, green, blue]: readonly number[]): number => {
      const linear = [red, green, blue].map((value = 0) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
    };
    const groundOf = (element: Element): readonly number[] => {
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        const color = resolve(getComputedStyle(at).backgroundColor);
        if (color[3] > 127) return color;
      }
      return [255, 255, 255];
    };
    return found
      .filter((element) => element.checkVisibility() && element.textContent.trim() !== '')
      .map((element) => {
        const text = luminance(resolve(getComputedStyle(element).color));
        const ground = luminance(groundOf(element));
        const [light, dark] = text > ground ? [text, ground] : [ground, text];
        return {
          text: element.textContent.trim().slice(0, 40),
          contrast: (light + 0.05) / (dark + 0.05),
        };
      });
  });
}

/** Whether the page's ground is nearer to black than to white. */
export function isDark(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d');
    if (canvas === null) throw new Error('no canvas');
    canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return red + green + blue < 3 * 128;
  });
}

/** How many colours a canvas has been painted with. */
export function countColors(canvas: Locator): Promise<number> {
  return canvas.evaluate((element) => {
    const source = element as HTMLCanvasElement;
    const copy = document.createElement('canvas');
    copy.width = source.width;
    copy.height = source.height;
    const context = copy.getContext('2d');
    if (context === null) throw new Error('no canvas');
    context.drawImage(source, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}
