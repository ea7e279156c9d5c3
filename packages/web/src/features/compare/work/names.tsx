import { SPAN_KINDS } from '@clew/model';
import type { ReactNode } from 'react';
import { isolatedText, visibleText } from '../../../base/visible-text.ts';
import { messages } from '../../../messages/messages.ts';
import type { SideName } from '../../../state/compare-url.ts';
import type { ComparedTraces } from '../../../trace/compare/compare-traces.ts';
import { ServiceName } from '../../../ui/service-name.tsx';

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
    name: name === '' ? messages.compare.noName : visibleText(name),
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

/** The first cell of a row: where it is in the tree, and what it is called. */
export function RowName({
  name,
  depth,
  inside,
  only,
}: {
  readonly name: GroupName;
  readonly depth: number;
  /** Given where rows are not indented. */
  readonly inside?: string | undefined;
  readonly only: SideName | undefined;
}): ReactNode {
  return (
    <span
      className="compare-name"
      title={`${isolatedText(name.service)} ${isolatedText(name.name)} (${name.kind})`}
    >
      <svg width={Math.min(depth, MAX_INDENT) * INDENT_PX} height="1" aria-hidden="true" />
      <ServiceName service={name.service} />
      <span className="compare-name-text">
        <bdi>{name.name}</bdi>
      </span>
      {inside === undefined ? undefined : (
        <small>{messages.compare.paths.inside(isolatedText(inside))}</small>
      )}
      {only === undefined ? undefined : <OnlyMark side={only} />}
    </span>
  );
}

/** Says that one of the traces has nothing like it. */
export function OnlyMark({ side }: { readonly side: SideName }): ReactNode {
  return (
    <em className="compare-only" data-side={side}>
      {messages.compare.onlyIn[side]}
    </em>
  );
}
