import { MISSING_PARENT } from '../../span-parents.ts';
import { CLIENT, FAILED } from '../span-relations.ts';
import { listEvidence } from './evidence.ts';
import type { FindingContext, MissingParents, MissingServers } from './finding.ts';

/** Spans that name a parent which is not in the trace: it was not sent, not yet, or not sampled. */
export function findMissingParents(context: FindingContext): readonly MissingParents[] {
  const { parents, missingParentCount, spanCount } = context.columns;
  const orphans: number[] = [];
  for (let span = 0; span < spanCount; span++)
    if (parents[span] === MISSING_PARENT) orphans.push(span);
  if (orphans.length === 0) return [];
  const evidence = listEvidence(context, orphans);
  return [{ kind: 'missing-parents', ...evidence, missingCount: missingParentCount }];
}

interface Operation {
  readonly service: number;
  readonly name: number;
  servedCount: number;
  readonly unserved: number[];
}

/**
 * Calls that did not fail and have nothing below, of operations whose calls mostly have a span of another service below: those
 * that are called send spans, and this one is missing. One name for calls of different hosts, some of which send none, is
 * why most have to be served.
 */
export function findMissingServers(context: FindingContext): readonly MissingServers[] {
  const { minServedCalls, minServedShare } = context.options;
  return [...countServed(context).values()]
    .filter(({ servedCount, unserved }) => {
      const enough = minServedShare * (servedCount + unserved.length);
      return unserved.length > 0 && servedCount >= minServedCalls && servedCount >= enough;
    })
    .map(({ service, name, servedCount, unserved }) => {
      const evidence = listEvidence(context, unserved);
      return { kind: 'missing-servers', ...evidence, service, name, servedCount };
    });
}

function countServed({ columns, timing }: FindingContext): ReadonlyMap<number, Operation> {
  const { kinds, statuses, serviceIndexes, nameIndexes, names } = columns;
  const { firsts, children } = timing.dependencies;
  const operations = new Map<number, Operation>();
  for (let span = 0; span < columns.spanCount; span++) {
    if (kinds[span] !== CLIENT || statuses[span] === FAILED) continue;
    const service = serviceIndexes[span] ?? 0;
    const name = nameIndexes[span] ?? 0;
    const key = service * names.length + name;
    let operation = operations.get(key);
    if (operation === undefined)
      operations.set(key, (operation = { service, name, servedCount: 0, unserved: [] }));
    const from = firsts[span] ?? 0;
    const to = firsts[span + 1] ?? 0;
    if (from === to) operation.unserved.push(span);
    for (let at = from; at < to; at++) {
      if (serviceIndexes[children[at] ?? 0] === service) continue;
      operation.servedCount++;
      break;
    }
  }
  return operations;
}
