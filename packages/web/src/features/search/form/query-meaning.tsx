import { Suspense, lazy } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import { describeFields } from './describe-fields.ts';
import { meaningOfLine, queryOfFields } from './fields.ts';
import type { SearchDraft } from './search-draft.ts';

const text = messages.search.form;

const QueryProblemLine = lazy(async () => ({
  default: (await import('./query-problem-line.tsx')).QueryProblemLine,
}));

/** What is asked, in the other way to ask it: whoever uses the fields learns TraceQL, and the other way round. */
export function QueryMeaning({
  draft,
  isRefused,
  onTake,
}: {
  readonly draft: SearchDraft;
  readonly isRefused: boolean;
  /** Asks for a query instead of the line, which is none. */
  readonly onTake: (query: string) => void;
}): ReactNode {
  if (draft.mode === 'fields') {
    const query = queryOfFields(draft);
    if (query === undefined) return undefined;
    return (
      <p className="search-form-meaning">
        {text.meansAsQuery} <code title={query}>{query}</code>
      </p>
    );
  }
  const meaning = meaningOfLine(draft.q);
  if (meaning.kind === 'unreadable' || meaning.kind === 'metrics') {
    const fallback = meaning.kind === 'metrics' ? text.onlyMetrics : text.noQuery;
    return (
      <Suspense fallback={<p className="search-form-meaning">{fallback}</p>}>
        <QueryProblemLine line={draft.q} isRefused={isRefused} onTake={onTake} />
      </Suspense>
    );
  }
  const said = sayMeaning(meaning);
  return (
    <p className="search-form-meaning">
      {text.meansAsFields} <span title={said}>{said}</span>
    </p>
  );
}

function sayMeaning(
  meaning: Exclude<
    ReturnType<typeof meaningOfLine>,
    { readonly kind: 'unreadable' } | { readonly kind: 'metrics' }
  >,
): string {
  if (meaning.kind === 'fields') return describeFields(meaning.fields);
  const { what, sign } = meaning.beyond;
  return text.onlyAsQuery(text.beyond[what](sign));
}
