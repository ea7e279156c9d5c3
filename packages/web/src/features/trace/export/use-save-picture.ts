import { useContext, useState } from 'react';
import type { TraceView } from '../../../trace/trace-view.ts';
import { saveFile } from '../../../ui/save-file.ts';
import { useTimeZone } from '../../../ui/time-zone.tsx';
import { useReadable } from '../use-readable.ts';
import { describeTrace } from './describe-trace.ts';
import { PictureSlot } from './picture-source.ts';

export const PICTURE_FORMS = ['png', 'svg'] as const;
export type PictureForm = (typeof PICTURE_FORMS)[number];

export interface SavingPicture {
  /** Undefined where what is shown is no picture. */
  readonly save: ((form: PictureForm) => void) | undefined;
  readonly isPainting: boolean;
  readonly error: string | undefined;
}

/** Saves the picture that is on the page, if it is one. */
export function useSavePicture(view: TraceView): SavingPicture {
  const source = useReadable(useContext(PictureSlot));
  const zone = useTimeZone();
  const [isPainting, setIsPainting] = useState(false);
  const [error, setError] = useState<string | undefined>(undefined);
  const save = async (form: PictureForm) => {
    if (source === undefined || isPainting) return;
    setError(undefined);
    setIsPainting(true);
    try {
      const caption = describeTrace(view, zone);
      const file =
        form === 'png'
          ? await source.paintPng(caption)
          : new Blob([source.writeSvg(caption)], { type: 'image/svg+xml' });
      saveFile(file, `trace-${view.traceId}-${source.name}.${form}`);
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
    }
    setIsPainting(false);
  };
  return {
    save: source === undefined ? undefined : (form) => void save(form),
    isPainting,
    error,
  };
}
