import type { ClewClient } from '@clew/api';
import type { ReactNode, Ref } from 'react';
import { serviceColorIndex } from '../../../base/service-color.ts';
import { LIMITS } from '../../../state/search-state.ts';
import type { SearchState } from '../../../state/search-state.ts';
import { Button } from '../../../ui/button.tsx';
import { Combobox } from '../../../ui/combobox.tsx';
import { Field } from '../../../ui/field.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { useOperations, useServices } from '../use-services.ts';
import type { DraftErrors } from './search-draft.ts';
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

const STATUSES = [
  { value: 'any', label: 'Any' },
  { value: 'error', label: 'Error' },
  { value: 'ok', label: 'Ok' },
  { value: 'unset', label: 'Unset' },
] as const;

const LIMIT_OPTIONS = LIMITS.map((limit) => ({ value: String(limit), label: String(limit) }));

/** The question: all conditions hold on one span, and the traces that have such a span are found. */
export function SearchForm(props: SearchFormProps): ReactNode {
  const { client, shown, onSearch, firstFieldRef } = props;
  const { draft, errors: own, isChanged, change, submit } = useSearchForm(shown, onSearch);
  const errors: DraftErrors = { ...props.refused, ...own };
  const services = useServices(client).data ?? [];
  const operations = useOperations(client, draft.service).data ?? [];
  return (
    <form className="search-form" role="search" aria-label="Traces" onSubmit={submit}>
      <Field label="Service" error={errors.service} className="search-form-wide">
        <Combobox
          inputRef={firstFieldRef}
          value={draft.service}
          options={services.map((value) => ({ value, serviceColor: serviceColorIndex(value) }))}
          onChange={(service) => change({ service })}
          placeholder="Any service"
        />
      </Field>
      <Field label="Span name" error={errors.spanName} className="search-form-wide">
        <Combobox
          value={draft.spanName}
          options={operations}
          onChange={(spanName) => change({ spanName })}
          placeholder="Any span"
        />
      </Field>
      <Field label="Attributes" error={errors.attributes} className="search-form-attributes">
        <TextInput
          value={draft.attributes}
          onChange={(attributes) => change({ attributes })}
          placeholder='http.response.status_code=500 user.id="two words"'
        />
      </Field>
      <Field label="Status" error={errors.status} className="search-form-narrow">
        <Select value={draft.status} options={STATUSES} onChange={(status) => change({ status })} />
      </Field>
      <Field label="Min duration" error={errors.minDuration} className="search-form-narrow">
        <TextInput
          value={draft.minDuration}
          onChange={(minDuration) => change({ minDuration })}
          placeholder="250 ms"
        />
      </Field>
      <Field label="Max duration" error={errors.maxDuration} className="search-form-narrow">
        <TextInput
          value={draft.maxDuration}
          onChange={(maxDuration) => change({ maxDuration })}
          placeholder="1.5 s"
        />
      </Field>
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
