import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import { LOOKBACKS } from '../../../state/search-state.ts';
import type { Lookback } from '../../../state/search-state.ts';
import { Field } from '../../../ui/field.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { nameLookback } from '../name-lookback.ts';
import type { DraftErrors, SearchDraft } from './search-draft.ts';

const text = messages.search.form;

const TIMES: readonly { readonly value: Lookback | 'custom'; readonly label: string }[] = [
  ...LOOKBACKS.map((value) => ({ value, label: nameLookback(value) })),
  { value: 'custom', label: text.custom },
];

/** When the matching span started: looking back from now, or from one moment to another. */
export function TimeFields({
  draft,
  errors,
  onChange,
}: {
  readonly draft: SearchDraft;
  readonly errors: DraftErrors;
  readonly onChange: (change: Partial<SearchDraft>) => void;
}): ReactNode {
  return (
    <>
      <Field label={text.time} className="search-form-time">
        <Select value={draft.time} options={TIMES} onChange={(time) => onChange({ time })} />
      </Field>
      {draft.time === 'custom' ? (
        <div className="search-form-range">
          <Field label={text.from} error={errors.from}>
            <TextInput
              value={draft.from}
              onChange={(from) => onChange({ from })}
              placeholder={text.timeHint}
            />
          </Field>
          <Field label={text.to} error={errors.to}>
            <TextInput
              value={draft.to}
              onChange={(to) => onChange({ to })}
              placeholder={text.now}
            />
          </Field>
        </div>
      ) : undefined}
    </>
  );
}
