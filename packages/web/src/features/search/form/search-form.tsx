import type { ClewClient } from '@clew/api';
import type { ReactNode, Ref } from 'react';
import { LIMITS } from '../../../state/search-state.ts';
import type { SearchState } from '../../../state/search-state.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { Select } from '../../../ui/select.tsx';
import { ConditionFields } from './condition-fields.tsx';
import { QueryLine } from './query-line.tsx';
import { toTraceql } from './search-draft.ts';
import type { DraftErrors, SearchDraft } from './search-draft.ts';
import { TimeFields } from './time-fields.tsx';
import { useSearchForm } from './use-search-form.ts';
import './search-form.css';

export interface SearchFormProps {
  readonly client: ClewClient;
  /** The search on the screen; must stay the same object while it is. */
  readonly shown: SearchState;
  readonly onSearch: (state: SearchState) => void;
  readonly isSearching: boolean;
  readonly onCancel: () => void;
  /** What the server refused, by field. */
  readonly refused: DraftErrors;
  readonly firstFieldRef: Ref<HTMLInputElement>;
}

const LIMIT_OPTIONS = LIMITS.map((limit) => ({ value: String(limit), label: String(limit) }));

/** The question, in fields or in TraceQL, and which of the traces that answer it are shown. */
export function SearchForm(props: SearchFormProps): ReactNode {
  const { client, shown, onSearch, firstFieldRef } = props;
  const { draft, errors: own, isChanged, change, submit } = useSearchForm(shown, onSearch);
  const errors: DraftErrors = { ...props.refused, ...own };
  return (
    <form className="search-form" role="search" aria-label="Traces" onSubmit={submit}>
      <ModeSwitch draft={draft} onChange={change} />
      {draft.mode === 'traceql' ? (
        <Field label="TraceQL" error={errors.q} className="search-form-query">
          <QueryLine
            client={client}
            value={draft.q}
            onChange={(q) => change({ q })}
            isWrong={errors.q !== undefined}
            inputRef={firstFieldRef}
          />
        </Field>
      ) : (
        <ConditionFields
          client={client}
          draft={draft}
          errors={errors}
          onChange={change}
          firstFieldRef={firstFieldRef}
        />
      )}
      <TimeFields draft={draft} errors={errors} onChange={change} />
      <Field label="Limit" error={errors.limit} className="search-form-limit">
        <Select
          value={draft.limit}
          options={
            LIMIT_OPTIONS.some(({ value }) => value === draft.limit)
              ? LIMIT_OPTIONS
              : [{ value: draft.limit, label: draft.limit }, ...LIMIT_OPTIONS]
          }
          onChange={(limit) => change({ limit })}
        />
      </Field>
      <SubmitButton canCancel={props.isSearching && !isChanged} onCancel={props.onCancel} />
    </form>
  );
}

/** From the fields to the line that asks the same, and back to the fields as they were. */
function ModeSwitch({
  draft,
  onChange,
}: {
  readonly draft: SearchDraft;
  readonly onChange: (change: Partial<SearchDraft>) => void;
}): ReactNode {
  const isLine = draft.mode === 'traceql';
  return (
    <div className="search-form-mode" role="group" aria-label="Ask by">
      <Button aria-pressed={!isLine} onClick={() => onChange({ mode: 'fields' })}>
        Fields
      </Button>
      <Button aria-pressed={isLine} onClick={() => onChange(isLine ? {} : toTraceql(draft))}>
        TraceQL
      </Button>
    </div>
  );
}

/**
 * While a search runs the button stops it, until another one has been typed: it must not turn into Cancel under the pointer of
 * somebody who is about to ask. The same one can be asked again all the while, with Enter.
 */
function SubmitButton({
  canCancel,
  onCancel,
}: {
  readonly canCancel: boolean;
  readonly onCancel: () => void;
}): ReactNode {
  return (
    <div className="search-form-submit">
      <Button
        type={canCancel ? 'button' : 'submit'}
        look={canCancel ? 'plain' : 'primary'}
        onClick={canCancel ? onCancel : undefined}
      >
        {canCancel ? 'Cancel' : 'Find traces'}
      </Button>
      {canCancel ? <input type="submit" hidden /> : undefined}
    </div>
  );
}
