import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { formatCounted } from '../../base/format.ts';
import { messages } from '../../messages/messages.ts';
import { formatAttribute, parseAttribute } from '../../trace/span-attribute.ts';
import type { SpanAttribute } from '../../trace/span-attribute.ts';
import type { TraceView } from '../../trace/trace-view.ts';
import { Combobox } from '../../ui/combobox.tsx';
import { Field } from '../../ui/field.tsx';
import type { TraceClient } from './trace-client.ts';
import './attribute-choice.css';

const TEXTS = messages.trace.attributeChoice;

export interface AttributeChoiceProps {
  readonly client: TraceClient;
  readonly view: TraceView;
  readonly label: string;
  readonly value: SpanAttribute | undefined;
  readonly onChange: (attribute: SpanAttribute) => void;
}

/** One of the attributes that the spans of the trace have, with how many have it. */
export function AttributeChoice(props: AttributeChoiceProps): ReactNode {
  const { client, view, label, value, onChange } = props;
  const { traceId, spanCount } = view;
  const known = useQuery({
    queryKey: ['trace-attributes', traceId, spanCount],
    queryFn: ({ signal }) => client.listTraceAttributes(traceId, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [text, setText] = useState(value === undefined ? '' : formatAttribute(value));
  const options = useMemo(
    () =>
      (known.data?.attributes ?? []).map(({ spanCount: count, ...attribute }) => ({
        value: formatAttribute(attribute),
        note: formatCounted(count, 'span'),
      })),
    [known.data],
  );
  const choose = (next: string) => {
    setText(next);
    const isKnown = options.some((option) => option.value === next);
    const attribute = isKnown ? parseAttribute(next) : undefined;
    if (attribute !== undefined) onChange(attribute);
  };
  return (
    <div className="attribute-choice" title={known.isPending ? TEXTS.loading : undefined}>
      <Field label={label} error={known.error?.message} className="attribute-choice-key">
        <Combobox
          value={text}
          options={options}
          onChange={choose}
          placeholder={known.isPending ? TEXTS.loading : TEXTS.placeholder}
        />
      </Field>
    </div>
  );
}
