import type { Field, Intrinsic } from '../syntax-tree.ts';
import type { Pausable } from './pausable.ts';
import type { TraceContext } from './trace-context.ts';

/** The tree of a trace of fewer spans is built when a field first asks for it, in a few milliseconds. */
const MANY_SPANS = 10_000;

/**
 * What is done before fields of a trace's spans are read. Who reads a field cannot pause, so the tree of a large trace is built before
 * where some field asks for it.
 */
export function compilePreparation(
  fields: readonly Field[],
): (context: TraceContext) => Pausable<void> {
  const readsTree = fields.some(isOfTree);
  return function* (context) {
    if (readsTree && context.spans.length > MANY_SPANS) yield* context.growTree();
  };
}

const OF_TREE: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  'span:childCount',
  'nestedSetLeft',
  'nestedSetRight',
  'nestedSetParent',
  'parent',
]);

function isOfTree(field: Field): boolean {
  return field.kind === 'attribute' ? field.ofParent : OF_TREE.has(field.name);
}
