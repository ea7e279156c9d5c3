import type { ReactNode } from 'react';
import { Button } from '../../../../ui/button.tsx';
import { ShownText } from '../../../../ui/shown-text.tsx';
import { messages } from '../../../../messages/messages.ts';
import { pathOfFrame } from '../../../../trace/flame/merge-call-paths.ts';
import type { CallPaths } from '../../../../trace/flame/merge-call-paths.ts';
import { nameOfFrame } from './name-of-frame.ts';

const TEXTS = messages.trace.flame;

/** Of a long path, so many of its ends are named. */
const SHOWN = 5;

export interface FlamePathProps {
  readonly paths: CallPaths;
  readonly zoomed: number | undefined;
  readonly onZoom: (frame: number | undefined) => void;
}

/** What leads to the frame that is zoomed to; each part zooms to it. */
export function FlamePath({ paths, zoomed, onZoom }: FlamePathProps): ReactNode {
  if (zoomed === undefined) return undefined;
  const path = pathOfFrame(paths, zoomed);
  const shown = path.slice(-SHOWN);
  return (
    <nav className="flame-path" aria-label={TEXTS.path}>
      <ol>
        <li>
          <Button look="link" onClick={() => onZoom(undefined)}>
            {TEXTS.whole}
          </Button>
        </li>
        {path.length > shown.length ? <li>{TEXTS.more(path.length - shown.length)}</li> : undefined}
        {shown.map((frame) => (
          <li key={frame} aria-current={frame === zoomed ? 'location' : undefined}>
            {frame === zoomed ? (
              <ShownText text={nameOfFrame(paths, frame)} />
            ) : (
              <Button look="link" onClick={() => onZoom(frame)}>
                <ShownText text={nameOfFrame(paths, frame)} />
              </Button>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
