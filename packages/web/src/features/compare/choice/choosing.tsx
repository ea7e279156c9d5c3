import { useState } from 'react';
import type { ReactNode } from 'react';
import { storedTrace } from '../../../state/compare-url.ts';
import type { ComparedTrace, SideName } from '../../../state/compare-url.ts';
import type { PairProps } from '../compare-page.tsx';
import { SideProblem, problemOf } from '../side-problem.tsx';
import { Sides } from '../sides.tsx';
import { ChoicePage } from './choice-page.tsx';
import { SideField } from './side-field.tsx';

/**
 * Which two traces to compare: a field for each, and below them lists of traces. What is chosen from a list comes into the field that
 * was entered last, or else into the first one that is empty.
 */
export function Choosing(props: PairProps & { readonly isSame: boolean }): ReactNode {
  const { pair, sides, onPair, isSame } = props;
  const [entered, setEntered] = useState<SideName | undefined>(undefined);
  const [found, setFound] = useState('');
  const isToFill = (side: SideName): boolean =>
    pair[side] === undefined || problemOf(sides[side]) !== undefined;
  const first = isToFill('a') && !isSame ? 'a' : 'b';
  const target = entered !== undefined && isToFill(entered) ? entered : first;
  const choose = (side: SideName, trace: ComparedTrace): void => {
    setEntered(undefined);
    setFound('');
    onPair({ ...pair, [side]: trace });
  };
  const fieldOf = (side: SideName): ReactNode =>
    isToFill(side) ? (
      <SideField
        key={pair[side]?.text}
        side={side}
        trace={pair[side]}
        isTarget={side === target}
        onTarget={() => setEntered(side)}
        onChoose={(traceId) => choose(side, storedTrace(traceId))}
        onFind={setFound}
      />
    ) : undefined;
  return (
    <div className="compare-choose">
      <Sides {...props} fields={{ a: fieldOf('a'), b: fieldOf('b') }} />
      <SideProblem {...props} />
      <ChoicePage
        {...props}
        target={target}
        found={found}
        onChoose={(trace) => choose(target, trace)}
      />
    </div>
  );
}
