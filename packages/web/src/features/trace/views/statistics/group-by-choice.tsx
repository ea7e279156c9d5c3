import { useState } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../../messages/messages.ts';
import { formatGroupBy } from '../../../../state/view-options.ts';
import type { GroupBy } from '../../../../state/view-options.ts';
import { GROUPINGS } from '../../../../trace/groups/group-spans.ts';
import type { TraceView } from '../../../../trace/trace-view.ts';
import { Field } from '../../../../ui/field.tsx';
import { Select } from '../../../../ui/select.tsx';
import { AttributeChoice } from '../../attribute-choice.tsx';
import type { TraceClient } from '../../trace-client.ts';

const TEXTS = messages.trace.statistics;

const OPTIONS = [
  ...GROUPINGS.map((value) => ({ value, label: TEXTS.groupings[value] })),
  { value: 'attribute' as const, label: messages.trace.attributeChoice.option },
];

export interface GroupByChoiceProps {
  readonly client: TraceClient;
  readonly view: TraceView;
  readonly value: GroupBy;
  readonly onChange: (groupBy: GroupBy) => void;
}

/** What the rows of the statistics have in common. */
export function GroupByChoice({ client, view, value, onChange }: GroupByChoiceProps): ReactNode {
  const [isChoosing, setIsChoosing] = useState(false);
  const isAttribute = isChoosing || typeof value !== 'string';
  return (
    <>
      <Field label={TEXTS.by} className="group-by">
        <Select
          value={isAttribute ? 'attribute' : value}
          options={OPTIONS}
          onChange={(chosen) => {
            setIsChoosing(chosen === 'attribute');
            if (chosen !== 'attribute') onChange(chosen);
          }}
        />
      </Field>
      {isAttribute ? (
        <AttributeChoice
          key={formatGroupBy(value)}
          client={client}
          view={view}
          label={TEXTS.chooseAttribute}
          value={typeof value === 'string' ? undefined : value}
          onChange={(next) => {
            setIsChoosing(false);
            onChange(next);
          }}
        />
      ) : undefined}
    </>
  );
}
