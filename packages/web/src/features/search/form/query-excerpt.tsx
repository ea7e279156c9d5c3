import type { ReactNode } from 'react';
import { findQueryProblem } from './query-problem.ts';

/** Characters that are shown before what is wrong, and behind. */
const AROUND = 40;

/** The place that cannot be read, with what is around it. */
export function QueryExcerpt({ text }: { readonly text: string }): ReactNode {
  const problem = findQueryProblem(text);
  if (problem === undefined) return undefined;
  const { position } = problem;
  const start = Math.max(0, position - AROUND);
  const word = /^(?:[\w.]+|.)?/su.exec(text.slice(position))?.[0] ?? '';
  return (
    <code className="query-line-excerpt">
      {start > 0 ? '…' : ''}
      {text.slice(start, position)}
      <mark>{word === '' ? ' ' : word}</mark>
      {text.slice(position + word.length, position + AROUND)}
    </code>
  );
}
