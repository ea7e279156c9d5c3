import type { ClewClient } from '@clew/api';
import { skipToken, useQuery } from '@tanstack/react-query';
import { useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import type {
  AttributeToComplete,
  CompletedLanguage,
  KnownAttributes,
  Suggestion,
} from './completion.ts';

export interface CompletionState {
  readonly shown: readonly Suggestion[];
  readonly isOpen: boolean;
  readonly setOpen: (isOpen: boolean) => void;
  readonly type: (text: string, cursor: number) => void;
  readonly moveCursor: (cursor: number) => void;
  /** `text` is that of one that is shown. */
  readonly take: (text: string) => void;
}

const STALE_AFTER_MS = 30_000;

/** What a field of a language offers at the cursor, and what taking it makes of the text. */
export function useCompletion({
  client,
  language,
  value,
  onChange,
  input,
}: {
  readonly client: ClewClient;
  readonly language: CompletedLanguage;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly input: RefObject<HTMLInputElement | null>;
}): CompletionState {
  const [cursor, setCursor] = useState(value.length);
  const [isOpen, setIsOpen] = useState(false);
  const { range, shown } = language.suggest(
    value,
    cursor,
    useKnownAttributes(client, language.attributeAt(value, cursor)),
  );
  const nextCursor = useRef<number>(undefined);

  // The browser puts the cursor of a changed text at its end.
  useLayoutEffect(() => {
    if (nextCursor.current === undefined) return;
    input.current?.setSelectionRange(nextCursor.current, nextCursor.current);
    nextCursor.current = undefined;
  });

  const type = (text: string, at: number) => {
    onChange(text);
    setCursor(at);
    setIsOpen(true);
  };
  const take = (text: string) => {
    const end = range.start + text.length;
    nextCursor.current = end;
    type(value.slice(0, range.start) + text + value.slice(range.end), end);
  };
  return { shown, isOpen, setOpen: setIsOpen, type, take, moveCursor: setCursor };
}

function useKnownAttributes(
  client: ClewClient,
  attribute: AttributeToComplete | undefined,
): KnownAttributes {
  const keys = useQuery({
    queryKey: ['attributes'],
    queryFn: async ({ signal }) =>
      (await client.listAttributeKeys({ counts: 'true' }, { signal })).attributes,
    staleTime: STALE_AFTER_MS,
  });
  const values = useQuery({
    queryKey: ['attribute-values', attribute?.scope, attribute?.key],
    queryFn:
      attribute === undefined
        ? skipToken
        : async ({ signal }) =>
            (
              await client.listAttributeValues(
                { ...attribute, limit: '1000', counts: 'true' },
                { signal },
              )
            ).values,
    staleTime: STALE_AFTER_MS,
  });
  return { keys: keys.data ?? [], values: values.data ?? [] };
}
