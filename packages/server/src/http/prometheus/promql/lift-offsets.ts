/**
 * Takes the offsets out of a query. In Prometheus one belongs to the selector right before it, whatever operators are around; the
 * grammar has it bind less than they do, so that `a - b offset 5m` were the difference of five minutes ago.
 */
import { parser } from '@prometheus-io/lezer-promql';

/** An offset as it stands in a query. */
export interface LiftedOffset {
  /** Where the word begins. */
  readonly from: number;
  /** What is behind the word, without blanks. */
  readonly length: string;
}

export interface LiftedQuery {
  /** The query with blanks for offsets: all else is where it was. */
  readonly text: string;
  /** By where that ends which an offset follows. */
  readonly offsetsByEnd: ReadonlyMap<number, LiftedOffset>;
}

/** Of a query that the grammar reads without errors. */
export function liftOffsets(query: string): LiftedQuery {
  const offsetsByEnd = new Map<number, LiftedOffset>();
  let text = query;
  parser.parse(query).iterate({
    enter: ({ name, node }) => {
      const operand = node.firstChild;
      const word = node.getChild('Offset');
      if (name !== 'OffsetExpr' || operand === null || word === null) return;
      const length = query.slice(word.to, node.to).replaceAll(/\s/g, '');
      offsetsByEnd.set(operand.to, { from: word.from, length });
      const blanks = query.slice(word.from, node.to).replaceAll(/\S/g, ' ');
      text = text.slice(0, word.from) + blanks + text.slice(node.to);
    },
  });
  return { text, offsetsByEnd };
}
