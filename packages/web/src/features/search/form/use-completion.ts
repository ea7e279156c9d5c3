import type { ClewClient } from '@clew/api';
import { skipToken, useQuery } from '@tanstack/react-query';
import { useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent, RefObject } from 'react';
import type {
  AttributeToComplete,
  CompletedLanguage,
  KnownAttributes,
  Suggestion,
} from './completion.ts';

export interface CompletionState {
  readonly shown: readonly Suggestion[];
  readonly isOpen: boolean;
  /** The one that Enter takes; -1 when Enter belongs to the form. */
  readonly activeIndex: number;
  readonly type: (text: string, cursor: number) => void;
  readonly moveCursor: (cursor: number) => void;
  readonly take: (suggestion: Suggestion) => void;
  readonly close: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

const STALE_AFTER_MS = 30_000;

/** The behaviour of a field that completes a language: completion at the cursor (the ARIA combobox pattern with a list popup). */
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
  const [activeIndex, setActiveIndex] = useState(-1);
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

  const close = () => {
    setIsOpen(false);
    setActiveIndex(-1);
  };
  const type = (text: string, at: number) => {
    onChange(text);
    setCursor(at);
    setIsOpen(true);
    setActiveIndex(-1);
  };
  const take = ({ text }: Suggestion) => {
    const end = range.start + text.length;
    nextCursor.current = end;
    type(value.slice(0, range.start) + text + value.slice(range.end), end);
  };
  const move = (step: 1 | -1) => {
    setIsOpen(true);
    const next = activeIndex + step;
    setActiveIndex(next >= shown.length ? 0 : next < 0 ? shown.length - 1 : next);
  };
  return {
    shown,
    isOpen: isOpen && shown.length > 0,
    activeIndex,
    type,
    take,
    close,
    moveCursor: (at) => {
      setCursor(at);
      setActiveIndex(-1);
    },
    onKeyDown: (event) => {
      const active = shown[activeIndex];
      const isTab = event.key === 'Tab' && isOpen && !event.shiftKey;
      const first = isTab ? (active ?? (language.tabTakesFirst ? shown[0] : undefined)) : undefined;
      if (event.key === 'ArrowDown') move(1);
      else if (event.key === 'ArrowUp') move(-1);
      else if (event.key === 'Enter' && isOpen && active !== undefined) take(active);
      else if (first !== undefined) take(first);
      else if (event.key === 'Escape' && isOpen) close();
      else {
        if (event.key === 'Enter') close();
        return;
      }
      event.preventDefault();
    },
  };
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
