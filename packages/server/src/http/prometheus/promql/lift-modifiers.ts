/**
 * Takes the offsets and fixed times out of a query. In Prometheus one belongs to the selector right before it, whatever operators are
 * around; the grammar has it bind less than they do, so that `a - b offset 5m` were the difference of five minutes ago.
 */
import { parser } from '@prometheus-io/lezer-promql';

/** An offset, or a fixed time, as it stands in a query. */
export interface LiftedModifier {
  /** Where the word or the sign begins. */
  readonly from: number;
  /** What is behind it, without blanks. */
  readonly value: string;
}

export interface LiftedQuery {
  /** The query with blanks for modifiers: all else is where it was. */
  readonly text: string;
  /** By where that ends which an offset follows. */
  readonly offsetsByEnd: ReadonlyMap<number, LiftedModifier>;
  /** The same of fixed times. */
  readonly timesByEnd: ReadonlyMap<number, LiftedModifier>;
}

type Node = ReturnType<typeof parser.parse>['topNode'];

/** Of a query that the grammar reads without errors. */
export function liftModifiers(query: string): LiftedQuery {
  const offsetsByEnd = new Map<number, LiftedModifier>();
  const timesByEnd = new Map<number, LiftedModifier>();
  let text = query;
  parser.parse(query).iterate({
    enter: ({ name, node }) => {
      const isOffset = name === 'OffsetExpr';
      if (!isOffset && name !== 'StepInvariantExpr') return;
      const word = node.getChild(isOffset ? 'Offset' : 'At');
      const operand = operandOf(node, isOffset ? 'StepInvariantExpr' : 'OffsetExpr');
      if (word === null || operand === null) return;
      const value = query.slice(word.to, node.to).replaceAll(/\s/g, '');
      (isOffset ? offsetsByEnd : timesByEnd).set(operand.to, { from: word.from, value });
      const blanks = query.slice(word.from, node.to).replaceAll(/\S/g, ' ');
      text = text.slice(0, word.from) + blanks + text.slice(node.to);
    },
  });
  return { text, offsetsByEnd, timesByEnd };
}

/** What a modifier follows; a modifier of the other kind may stand between. */
function operandOf(node: Node, other: string): Node | null {
  const operand = node.firstChild;
  return operand?.name === other ? operand.firstChild : operand;
}
