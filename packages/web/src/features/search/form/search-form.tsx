import type { ClewClient } from '@clew/api';
import type { ReactNode, RefObject } from 'react';
import { messages } from '../../../messages/messages.ts';
import type { SearchState } from '../../../state/search-state.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { createLazyPart } from '../../../ui/lazy-part.tsx';
import { ConditionFields } from './condition-fields.tsx';
import { CompletedInput } from './completed-input.tsx';
import type { CompletedLanguage } from './completion.ts';
import { FormFold } from './form-fold.tsx';
import { attributeToComplete, suggest } from './query-completion.ts';
import { QueryMeaning } from './query-meaning.tsx';
import { toFields, toTraceql } from './search-draft.ts';
import type { DraftErrors, SearchDraft } from './search-draft.ts';
import { TimeFields } from './time-fields.tsx';
import { useSearchForm } from './use-search-form.ts';
import './search-form.css';

export interface SearchFormProps {
  readonly client: ClewClient;
  /** The search on the screen; must stay the same object while it is. */
  readonly shown: SearchState;
  readonly onSearch: (state: SearchState) => void;
  /** What was to be asked cannot be: nothing is searched, and the fields say why. */
  readonly onRefuse: () => void;
  readonly isSearching: boolean;
  readonly onCancel: () => void;
  /** What the server refused, by field. */
  readonly refused: DraftErrors;
  readonly firstFieldRef: RefObject<HTMLInputElement | null>;
  /** On a narrow screen, where the form is otherwise folded into a line. */
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

const text = messages.search.form;

const QueryExcerpt = createLazyPart({
  name: messages.search.parts.excerpt,
  load: async () => (await import('./query-excerpt.tsx')).QueryExcerpt,
});

const TRACEQL: CompletedLanguage = {
  attributeAt: attributeToComplete,
  suggest,
  tabTakesFirst: true,
};

/** The question, in fields or in TraceQL. */
export function SearchForm(props: SearchFormProps): ReactNode {
  const { client, shown, firstFieldRef } = props;
  const { draft, errors: own, isChanged, change, submit } = useSearchForm(shown, props);
  const isOfSpans = shown.show === 'spans' || shown.show === 'live';
  const errors: DraftErrors = { ...props.refused, ...own };
  const takeQuery = (q: string) => {
    change({ q });
    firstFieldRef.current?.focus();
  };
  const isOpen = props.isOpen || Object.keys(errors).length > 0;
  return (
    <form
      className="search-form"
      role="search"
      aria-label={text.label}
      data-open={isOpen}
      onSubmit={submit}
    >
      <FormFold shown={shown} isOpen={isOpen} onOpenChange={props.onOpenChange} />
      <ModeSwitch draft={draft} onChange={change} />
      {draft.mode === 'traceql' ? (
        <Field label={text.traceql} error={errors.q} className="search-form-query">
          <CompletedInput
            client={client}
            language={TRACEQL}
            value={draft.q}
            onChange={(q) => change({ q })}
            placeholder={text.queryHint}
            inputRef={firstFieldRef}
          />
          {errors.q === undefined ? undefined : <QueryExcerpt text={draft.q} />}
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
      {shown.show === 'live' ? undefined : (
        <TimeFields draft={draft} errors={errors} onChange={change} />
      )}
      <SubmitButton
        label={isOfSpans ? text.findSpans : text.find}
        canCancel={props.isSearching && !isChanged}
        onCancel={props.onCancel}
      />
      <QueryMeaning draft={draft} isRefused={errors.q !== undefined} onTake={takeQuery} />
    </form>
  );
}

/** From the fields to the line that asks the same, and back to fields that ask what the line does, where they can. */
function ModeSwitch({
  draft,
  onChange,
}: {
  readonly draft: SearchDraft;
  readonly onChange: (change: Partial<SearchDraft>) => void;
}): ReactNode {
  const isLine = draft.mode === 'traceql';
  return (
    <div className="search-form-mode" role="group" aria-label={text.askBy}>
      <Button aria-pressed={!isLine} onClick={() => onChange(isLine ? toFields(draft) : {})}>
        {text.fields}
      </Button>
      <Button aria-pressed={isLine} onClick={() => onChange(isLine ? {} : toTraceql(draft))}>
        {text.traceql}
      </Button>
    </div>
  );
}

/**
 * While a search runs the button stops it, until another one has been typed: it must not turn into Cancel under the pointer of
 * somebody who is about to ask. The same one can be asked again all the while, with Enter.
 */
function SubmitButton({
  label,
  canCancel,
  onCancel,
}: {
  readonly label: string;
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
        {canCancel ? text.cancel : label}
      </Button>
      {canCancel ? <input type="submit" hidden /> : undefined}
    </div>
  );
}
