import { Link } from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { orderTicked } from './ticked-traces.ts';
import type { TickedTraces } from './ticked-traces.ts';

const texts = messages.compare.ticks;

/** Once a trace is ticked: what to do next, and then the way to the comparison. */
export function TickedBar({
  ticked,
  source,
}: {
  readonly ticked: TickedTraces;
  /** The traces are of opened files. */
  readonly source?: 'file' | undefined;
}): ReactNode {
  const traces = useSyncExternalStore(ticked.subscribe, ticked.get);
  if (traces.length === 0) return undefined;
  const pair = orderTicked(traces);
  return (
    <div className="ticked-bar" role="status">
      {pair === undefined ? (
        <span>{texts.first}</span>
      ) : (
        <Link
          to="/compare"
          search={{ ...pair, aSource: source, bSource: source }}
          className="button button-primary"
        >
          <Icon name="compare" />
          <span>{texts.compare}</span>
        </Link>
      )}
      <Button look="quiet" onClick={() => ticked.clear()}>
        {texts.clear}
      </Button>
    </div>
  );
}
