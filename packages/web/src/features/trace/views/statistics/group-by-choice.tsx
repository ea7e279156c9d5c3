import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { formatCounted } from '../../../../base/format.ts';
import { messages } from '../../../../messages/messages.ts';
import { formatGroupBy, parseGroupBy } from '../../../../state/view-options.ts';
import type { GroupBy } from '../../../../state/view-options.ts';
import { GROUPINGS } from '../../../../trace/groups/group-spans.ts';
import type { TraceView } from '../../../../trace/trace-view.ts';
import { Combobox } from '../../../../ui/combobox.tsx';
import { Field } from '../../../../ui/field.tsx';
import { Select } from '../../../../ui/select.tsx';
import type { TraceClient } from '../../trace-client.ts';

const TEXTS = messages.trace.statistics;

const OPTIONS = [
  ...GROUPINGS.map((value) => ({ value, label: TEXTS.groupings[value] })),
  { value: 'attribute' as const, label: TEXTS.attribute },
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
          value={value}
          onChange={(next) => {
            setIsChoosing(false);
            onChange(next);
          }}
        />
      ) : undefined}
    </>
  );
}

function AttributeChoice({ client, view, value, onChange }: GroupByChoiceProps): ReactNode {
  const { traceId, spanCount } = view;
  const known = useQuery({
    queryKey: ['trace-attributes', traceId, spanCount],
    queryFn: ({ signal }) => client.listTraceAttributes(traceId, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [text, setText] = useState(typeof value === 'string' ? '' : formatGroupBy(value));
  const options = useMemo(
    () =>
      (known.data?.attributes ?? []).map(({ spanCount: count, ...attribute }) => ({
        value: formatGroupBy(attribute),
        note: formatCounted(count, 'span'),
      })),
    [known.data],
  );
  const choose = (next: string) => {
    setText(next);
    if (options.some((option) => option.value === next)) onChange(parseGroupBy(next));
  };
  return (
    <div className="group-by-attribute" title={known.isPending ? TEXTS.loadingKeys : undefined}>
      <Field label={TEXTS.chooseAttribute} error={known.error?.message} className="group-by-key">
        <Combobox
          value={text}
          options={options}
          onChange={choose}
          placeholder={known.isPending ? TEXTS.loadingKeys : TEXTS.attributePlaceholder}
        />
      </Field>
    </div>
  );
}
