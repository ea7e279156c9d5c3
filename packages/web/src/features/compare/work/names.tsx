import { SPAN_KINDS } from '@clew/model';
import type { ReactNode } from 'react';
import { isolatedText, visibleText } from '../../../base/visible-text.ts';
import { comparePage } from '../../../messages/compare.ts';
import type { SideName } from '../../../state/compare-url.ts';
import type { ComparedTraces } from '../../../trace/compare/compare-traces.ts';
import { Icon } from '../../../ui/icon.tsx';
import { ServiceName } from '../../../ui/service-name.tsx';

const texts = comparePage.paths;

/** What the spans of a path of calls are. */
export interface GroupName {
  readonly service: string;
  readonly name: string;
  readonly kind: string;
}

export function nameOfGroup({ groups }: ComparedTraces, group: number): GroupName {
  const name = groups.names[groups.nameIndexes[group] ?? 0] ?? '';
  return {
    service: visibleText(groups.services[groups.serviceIndexes[group] ?? 0] ?? ''),
    name: name === '' ? comparePage.noName : visibleText(name),
    kind: SPAN_KINDS[groups.kinds[group] ?? 0] ?? '',
  };
}

/** The name of the path above; `undefined` at the top. */
export function parentNameOf(compared: ComparedTraces, group: number): string | undefined {
  const parent = compared.groups.parents[group] ?? -1;
  return parent < 0 ? undefined : nameOfGroup(compared, parent).name;
}

/** Which trace alone has the path. */
export function onlySideOf({ groups }: ComparedTraces, group: number): SideName | undefined {
  if (groups.other.spanCounts[group] === 0) return 'a';
  return groups.base.spanCounts[group] === 0 ? 'b' : undefined;
}

const INDENT_PX = 12;
/** Deeper ones are not indented further: there would be no room for their names. */
const MAX_INDENT = 16;

/** What can be folded away below a row. */
export interface RowFold {
  /** How many rows are below; 0 where there is nothing to fold. */
  readonly count: number;
  readonly isFolded: boolean;
  readonly onFold: (isFolded: boolean) => void;
}

export interface RowNameProps {
  readonly name: GroupName;
  readonly depth: number;
  /** Given where rows can be folded. */
  readonly fold?: RowFold | undefined;
  /** Given where rows are not indented. */
  readonly inside?: string | undefined;
  readonly only: SideName | undefined;
}

/** The first cell of a row: where it is in the tree, and what it is called. */
export function RowName({ name, depth, fold, inside, only }: RowNameProps): ReactNode {
  return (
    <span
      className="compare-name"
      title={`${isolatedText(name.service)} ${isolatedText(name.name)} (${name.kind})`}
    >
      <svg width={Math.min(depth, MAX_INDENT) * INDENT_PX} height="1" aria-hidden="true" />
      {fold === undefined ? undefined : <FoldMark name={name} fold={fold} />}
      <ServiceName service={name.service} />
      <span className="compare-name-text">
        <bdi>{name.name}</bdi>
      </span>
      {fold?.isFolded === true ? <small>{texts.folded(fold.count)}</small> : undefined}
      {inside === undefined ? undefined : <small>{texts.inside(isolatedText(inside))}</small>}
      {only === undefined ? undefined : <OnlyMark side={only} />}
    </span>
  );
}

/** Keys fold as well, so Tab does not stop at each. */
function FoldMark({
  name,
  fold: { count, isFolded, onFold },
}: {
  readonly name: GroupName;
  readonly fold: RowFold;
}): ReactNode {
  if (count === 0) return <span className="compare-fold" />;
  return (
    <button
      type="button"
      className="compare-fold"
      tabIndex={-1}
      aria-expanded={!isFolded}
      aria-label={texts.foldLabel(isolatedText(name.name))}
      title={isFolded ? texts.unfold : texts.fold}
      onClick={(event) => {
        event.stopPropagation();
        onFold(!isFolded);
      }}
    >
      <Icon name={isFolded ? 'chevronRight' : 'chevronDown'} />
    </button>
  );
}

/** Says that one of the traces has nothing like it. */
export function OnlyMark({ side }: { readonly side: SideName }): ReactNode {
  return (
    <em className="compare-only" data-side={side}>
      {comparePage.onlyIn[side]}
    </em>
  );
}
