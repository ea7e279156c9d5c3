import { useState } from 'react';
import type { FormEvent } from 'react';
import type { SearchState } from '../../../state/search-state.ts';
import { useTimeZone } from '../../../ui/time-zone.tsx';
import { parseDraft, toDraft } from './search-draft.ts';
import type { DraftErrors, SearchDraft } from './search-draft.ts';
import type { SearchFormProps } from './search-form.tsx';

export interface SearchFormState {
  readonly draft: SearchDraft;
  readonly errors: DraftErrors;
  /** What the fields ask is not what is shown. */
  readonly isChanged: boolean;
  readonly change: (change: Partial<SearchDraft>) => void;
  readonly submit: (event: FormEvent) => void;
}

/**
 * The fields of the form. They follow the address whenever it changes (Back, a dragged range), and keep what was typed as
 * long as it does not, or asks the same.
 */
export function useSearchForm(
  shown: SearchState,
  { onSearch, onRefuse }: Pick<SearchFormProps, 'onSearch' | 'onRefuse'>,
): SearchFormState {
  const zone = useTimeZone();
  const [origin, setOrigin] = useState(() => ({ shown, zone, draft: toDraft(shown, zone) }));
  const [draft, setDraft] = useState(origin.draft);
  const [errors, setErrors] = useState<DraftErrors>({});
  if (origin.shown !== shown || origin.zone !== zone) {
    const next = toDraft(shown, zone, draft);
    setOrigin({ shown, zone, draft: next });
    setDraft(next);
    setErrors({});
  }
  const read = (findProblem: Parameters<typeof parseDraft>[2]['findProblem']) => {
    const result = parseDraft(draft, shown, { zone, nowMs: Date.now(), findProblem });
    setErrors(result.errors ?? {});
    if (result.state === undefined) onRefuse();
    else onSearch(result.state);
  };
  return {
    draft,
    errors,
    isChanged: !isSameDraft(draft, origin.draft),
    change: (change) => {
      setDraft((before) => ({ ...before, ...change }));
      setErrors((before) => withoutFields(before, Object.keys(change)));
    },
    submit: (event) => {
      event.preventDefault();
      if (draft.mode === 'fields') read(() => undefined);
      // What checks TraceQL has regular expressions with it, which the fields alone need not wait for.
      else {
        void import('./query-problem.ts').then(
          ({ findQueryProblem }) => read(findQueryProblem),
          // Without it the server says what is wrong with a line.
          () => read(() => undefined),
        );
      }
    },
  };
}

function isSameDraft(a: SearchDraft, b: SearchDraft): boolean {
  return (Object.keys(a) as (keyof SearchDraft)[]).every((field) => a[field] === b[field]);
}

function withoutFields(errors: DraftErrors, fields: readonly string[]): DraftErrors {
  return Object.fromEntries(Object.entries(errors).filter(([field]) => !fields.includes(field)));
}
