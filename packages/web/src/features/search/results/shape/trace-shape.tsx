import { skipToken, useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { serviceColors } from '../../../../base/service-color.ts';
import { CanvasSurface } from '../../../../canvas/canvas-surface.ts';
import { useTheme } from '../../../../ui/theme.tsx';
import { useDelayed } from '../../../../ui/use-delayed.ts';
import { drawShape } from './draw-shape.ts';
import type { SampledTrace } from './sample-spans.ts';
import type { ShapeLoader } from './shape-loader.ts';
import './trace-shape.css';

const SIZE = { widthPx: 112, heightPx: 20 };

/** Rows that fly past are not worth a request. */
const PATIENCE_MS = 120;

/** The trace's waterfall in a few pixels. The row says in words what it shows, so readers are spared it. */
export function TraceShape({
  trace,
  loader,
}: {
  readonly trace: SampledTrace;
  readonly loader: ShapeLoader | undefined;
}): ReactNode {
  const theme = useTheme();
  const { traceId, spanCount } = trace;
  const canvas = useRef<HTMLCanvasElement>(null);
  const isWanted = useDelayed(loader !== undefined, PATIENCE_MS);
  const { data: shape } = useQuery({
    // A trace that has got more spans has another shape.
    queryKey: ['trace-shape', traceId, spanCount],
    queryFn:
      loader === undefined || !isWanted ? skipToken : ({ signal }) => loader.load(trace, signal),
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    const element = canvas.current;
    if (element === null || shape === undefined) return;
    const surface = new CanvasSurface(element);
    surface.resize({ ...SIZE, devicePixelRatio });
    const error = getComputedStyle(element).getPropertyValue('--color-error').trim();
    drawShape(surface.begin(), shape, SIZE, { services: serviceColors(theme), error });
  }, [shape, theme]);
  return (
    <span className="trace-shape" aria-hidden="true" data-drawn={shape !== undefined}>
      <canvas ref={canvas} />
    </span>
  );
}
