import type { ClewClient } from '@clew/api';
import type { ReactNode, Ref } from 'react';
import { serviceColorIndex } from '../../../base/service-color.ts';
import { messages } from '../../../messages/messages.ts';
import { Combobox } from '../../../ui/combobox.tsx';
import { Field } from '../../../ui/field.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import { useOperations, useServices } from '../use-services.ts';
import { attributeAt, suggestCondition } from './attribute-completion.ts';
import { CompletedInput } from './completed-input.tsx';
import type { CompletedLanguage } from './completion.ts';
import type { DraftErrors, SearchDraft } from './search-draft.ts';
import { UnfinishedNote } from './unfinished-note.tsx';

const text = messages.search.form;

const ATTRIBUTES: CompletedLanguage = {
  attributeAt,
  suggest: suggestCondition,
  tabTakesFirst: false,
};

const STATUSES = (['any', 'error', 'ok', 'unset'] as const).map((value) => ({
  value,
  label: text.statuses[value],
}));

/** All conditions hold on one span, and the traces that have such a span are found. */
export function ConditionFields({
  client,
  draft,
  errors,
  onChange: change,
  firstFieldRef,
}: {
  readonly client: ClewClient;
  readonly draft: SearchDraft;
  readonly errors: DraftErrors;
  readonly onChange: (change: Partial<SearchDraft>) => void;
  readonly firstFieldRef: Ref<HTMLInputElement>;
}): ReactNode {
  const services = useServices(client).data ?? [];
  const operations = useOperations(client, draft.service).data ?? [];
  return (
    <>
      <Field label={text.service} error={errors.service} className="search-form-wide">
        <Combobox
          inputRef={firstFieldRef}
          value={draft.service}
          options={services.map((value) => ({ value, serviceColor: serviceColorIndex(value) }))}
          onChange={(service) => change({ service })}
          placeholder={text.anyService}
        />
      </Field>
      <Field label={text.spanName} error={errors.spanName} className="search-form-wide">
        <Combobox
          value={draft.spanName}
          options={operations}
          onChange={(spanName) => change({ spanName })}
          placeholder={text.anySpan}
        />
      </Field>
      <Field
        label={text.attributes}
        error={errors.attributes ?? errors.q}
        className="search-form-attributes"
      >
        <CompletedInput
          client={client}
          language={ATTRIBUTES}
          value={draft.attributes}
          onChange={(attributes) => change({ attributes })}
          placeholder={text.attributesHint}
        />
        <UnfinishedNote attributes={draft.attributes} />
      </Field>
      <Field label={text.status} error={errors.status} className="search-form-narrow">
        <Select value={draft.status} options={STATUSES} onChange={(status) => change({ status })} />
      </Field>
      <Field label={text.minDuration} error={errors.minDuration} className="search-form-narrow">
        <TextInput
          value={draft.minDuration}
          onChange={(minDuration) => change({ minDuration })}
          placeholder={text.minHint}
        />
      </Field>
      <Field label={text.maxDuration} error={errors.maxDuration} className="search-form-narrow">
        <TextInput
          value={draft.maxDuration}
          onChange={(maxDuration) => change({ maxDuration })}
          placeholder={text.maxHint}
        />
      </Field>
    </>
  );
}
