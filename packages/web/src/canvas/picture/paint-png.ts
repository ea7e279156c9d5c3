import type { Picture } from './picture.ts';

/** What every browser's canvas takes on a side. */
const MAX_SIDE_PX = 16_384;

/**
 * The picture as a PNG of `pixelRatio` pixels of the file to one of the screen, or as many as a canvas takes. Rejects when there is no
 * memory for it.
 */
export async function paintPng(picture: Picture, pixelRatio: number): Promise<Blob> {
  const { widthPx, heightPx, background } = picture;
  const scale = Math.min(pixelRatio, MAX_SIDE_PX / widthPx, MAX_SIDE_PX / heightPx);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(widthPx * scale);
  canvas.height = Math.round(heightPx * scale);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('the browser has no 2D canvas');
  context.scale(scale, scale);
  context.fillStyle = background;
  context.fillRect(0, 0, widthPx, heightPx);
  picture.draw(context);
  return encodePng(canvas);
}

/** Rejects when the browser gives no picture, which it does for want of memory. */
export async function encodePng(canvas: HTMLCanvasElement): Promise<Blob> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('the browser could not make a picture of this size');
  return blob;
}
