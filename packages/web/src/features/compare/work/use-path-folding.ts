import { useMemo, useState } from 'react';
import type { CompareShown } from '../../../state/compare-url.ts';
import {
  describeFold,
  findParents,
  foldPath,
  foldPaths,
  shownPath,
  unfoldAbove,
} from '../../../trace/compare/fold-paths.ts';
import type { FoldedPaths, PathFold } from '../../../trace/compare/fold-paths.ts';
import type { WorkSource } from './side-of-work.ts';

/** Which paths of calls are folded away, and folding more of them. Paths go by the number of their group. */
export interface PathFolding {
  readonly folded: FoldedPaths;
  readonly set: (group: number, isFolded: boolean) => void;
  readonly setAll: (isFolded: boolean) => void;
  /** So that the path has a row. */
  readonly reveal: (group: number) => void;
  /** The path, or the one above it behind which it is folded away. */
  readonly shown: (group: number) => number;
}

interface Known {
  readonly fold: PathFold;
  readonly folded: FoldedPaths;
}

/** The address has no room for all that may be folded: what was done here is remembered beside it. */
export function usePathFolding(
  source: WorkSource,
  fold: PathFold,
  change: (change: Pick<CompareShown, 'fold'>) => void,
): PathFolding {
  const { compared } = source;
  const [known, setKnown] = useState<Known | undefined>(undefined);
  const folded = useMemo(
    () => (known?.fold === fold ? known.folded : foldPaths(source, fold)),
    [known, source, fold],
  );
  const apply = (next: FoldedPaths): void => {
    if (next === folded) return;
    const fold = { ...describeFold(source, next) };
    setKnown({ fold, folded: next });
    change({ fold });
  };
  return {
    folded,
    set: (group, isFolded) => apply(foldPath(compared, folded, group, isFolded)),
    setAll: (isFolded) =>
      apply(isFolded ? findParents(compared) : new Uint8Array(compared.groups.count)),
    reveal: (group) => apply(unfoldAbove(compared, folded, group)),
    shown: (group) => shownPath(compared, folded, group),
  };
}
