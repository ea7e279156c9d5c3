import type { ReactNode } from 'react';
import { LOOKBACKS } from '../../../state/search-state.ts';
import type { Lookback } from '../../../state/search-state.ts';
import { Field } from '../../../ui/field.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import type { DraftErrors, SearchDraft } from './search-draft.ts';

const UNITS: Readonly<Record<string, string>> = { m: 'minute', h: 'hour', d: 'day' };

const TIMES: readonly { readonly value: Lookback | 'custom'; readonly label: string }[] = [
  ...LOOKBACKS.map((value) => ({ value, label: nameLookback(value) })),
  { value: 'custom', label: 'From – to …' },
];

/** `Last hour`, `Last 15 minutes`. */
export function nameLookback(lookback: Lookback): string {
  const count = Number(lookback.slice(0, -1));
  const unit = UNITS[lookback.slice(-1)] ?? '';
  return count === 1 ? `Last ${unit}` : `Last ${count} ${unit}s`;
}

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
      <Field label="Time" className="search-form-time">
        <Select value={draft.time} options={TIMES} onChange={(time) => onChange({ time })} />
      </Field>
      {draft.time === 'custom' ? (
        <div className="search-form-range">
          <Field label="From" error={errors.from}>
            <TextInput
              value={draft.from}
              onChange={(from) => onChange({ from })}
              placeholder="2026-11-22 19:15"
            />
          </Field>
          <Field label="To" error={errors.to}>
            <TextInput value={draft.to} onChange={(to) => onChange({ to })} placeholder="now" />
          </Field>
        </div>
      ) : undefined}
    </>
  );
}
