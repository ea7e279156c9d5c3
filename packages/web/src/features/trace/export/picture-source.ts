import { createContext, useContext, useEffect } from 'react';
import type { Caption } from '../../../canvas/picture/caption.ts';
import { paintPng } from '../../../canvas/picture/paint-png.ts';
import type { Picture } from '../../../canvas/picture/picture.ts';
import { writeSvg } from '../../../canvas/picture/write-svg.ts';
import { Store } from '../../../state/store.ts';

/** What saves the picture that is on the page. */
export interface PictureSource {
  /** For the name of the file. */
  readonly name: 'timeline' | 'flame' | 'graph';
  readonly writeSvg: (caption: Caption) => string;
  readonly paintPng: (caption: Caption) => Promise<Blob>;
}

/** An SVG of more rows is a file that programs are slow to open. */
const MAX_SVG_ROWS = 2_000;
/** A canvas of more rows is higher than every browser makes one. */
const MAX_PNG_ROWS = 700;

/** Of a picture that is made of rows, for which `make` is told how many it may have. */
export function createPictureSource(
  name: PictureSource['name'],
  make: (caption: Caption, maxRows: number) => Picture,
): PictureSource {
  return {
    name,
    writeSvg: (caption) => writeSvg(make(caption, MAX_SVG_ROWS), createTextRuler()),
    paintPng: (caption) => paintPng(make(caption, MAX_PNG_ROWS), pictureRatio()),
  };
}

/** As sharp as the screen is, and sharp enough for another one. */
export function pictureRatio(): number {
  return Math.max(devicePixelRatio, 2);
}

export function createTextRuler(): CanvasRenderingContext2D {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) throw new Error('the browser has no 2D canvas');
  return context;
}

/** Where the view that is shown puts its picture, for the menu that saves it. */
export const PictureSlot = createContext(new Store<PictureSource | undefined>(undefined));

/** Offers a picture to be saved for as long as there is one. It must stay the same object while nothing of it changes. */
export function usePictureSource(source: PictureSource | undefined): void {
  const slot = useContext(PictureSlot);
  useEffect(() => {
    slot.set(source);
    return () => slot.set(undefined);
  }, [slot, source]);
}
