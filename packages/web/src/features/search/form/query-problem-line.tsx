import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import { Button } from '../../../ui/button.tsx';
import { findQueryProblem } from './query-problem.ts';

const text = messages.search.form;

/** Why a line is no query that finds traces, where, and the query that was probably meant; Ctrl+. takes it. */
export function QueryProblemLine({
  line,
  isRefused,
  onTake,
}: {
  readonly line: string;
  /** The reason stands at the line already. */
  readonly isRefused: boolean;
  readonly onTake: (query: string) => void;
}): ReactNode {
  const problem = findQueryProblem(line);
  const suggestion = problem?.suggestion;
  useEffect(() => {
    if (suggestion === undefined) return undefined;
    const take = (event: KeyboardEvent) => {
      if (event.key !== '.' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      onTake(suggestion);
    };
    document.addEventListener('keydown', take);
    return () => document.removeEventListener('keydown', take);
  }, [suggestion, onTake]);
  if (problem === undefined || (isRefused && suggestion === undefined)) return undefined;
  const why = text.problemAt(problem.message, problem.position);
  return (
    <p className="search-form-meaning">
      {isRefused ? undefined : (
        <>
          {problem.isMetrics ? (
            text.onlyMetrics
          ) : (
            <>
              {text.noQuery} <span title={why}>{why}</span>
            </>
          )}{' '}
        </>
      )}
      {suggestion === undefined ? undefined : (
        <>
          {problem.isMetrics ? text.spansOfMetrics : text.perhaps}
          <Button
            look="quiet"
            className="search-form-suggestion"
            aria-keyshortcuts="Control+. Meta+."
            title={text.takeSuggestion}
            onClick={() => onTake(suggestion)}
          >
            <code>{suggestion}</code>
          </Button>
        </>
      )}
    </p>
  );
}
