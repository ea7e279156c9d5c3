import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
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

/** One of the attributes that the spans of the trace have, with how many have it. A name without its scope is a span's first. */
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
  const [unknown, setUnknown] = useState<string | undefined>(undefined);
  const choose = (next: string) => {
    setText(next);
    setUnknown(undefined);
    const isKnown = options.some((option) => option.value === next);
    const attribute = isKnown ? parseAttribute(next) : undefined;
    if (attribute !== undefined) onChange(attribute);
  };
  const takeTyped = (event: FormEvent) => {
    event.preventDefault();
    const key = text.trim();
    if (key === '' || known.data === undefined) return;
    const name = [key, `span.${key}`, `resource.${key}`].find((one) =>
      options.some(({ value: offered }) => offered === one),
    );
    if (name === undefined) setUnknown(key);
    else choose(name);
  };
  const problem = unknown === undefined ? known.error?.message : TEXTS.unknown(unknown);
  return (
    <form
      className="attribute-choice"
      title={known.isPending ? TEXTS.loading : undefined}
      onSubmit={takeTyped}
    >
      <Field label={label} error={problem} className="attribute-choice-key">
        <Combobox
          value={text}
          options={options}
          onChange={choose}
          placeholder={known.isPending ? TEXTS.loading : TEXTS.placeholder}
        />
      </Field>
    </form>
  );
}
