import type { ClewClient } from '@clew/api';
import { useImperativeHandle, useRef } from 'react';
import type { ReactNode, Ref } from 'react';
import { messages } from '../../../messages/messages.ts';
import { CompletingInput } from '../../../ui/completing-input.tsx';
import type { CompletedLanguage } from './completion.ts';
import { useCompletion } from './use-completion.ts';
import './completed-input.css';

export interface CompletedInputProps {
  readonly client: ClewClient;
  readonly language: CompletedLanguage;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder: string;
  readonly inputRef?: Ref<HTMLInputElement> | undefined;
}

/** A field of a language that completes what is typed. */
export function CompletedInput({
  client,
  language,
  value,
  onChange,
  placeholder,
  inputRef,
}: CompletedInputProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  useImperativeHandle(inputRef, () => input.current as HTMLInputElement);
  const line = useCompletion({ client, language, value, onChange, input });
  return (
    <CompletingInput
      className="completed-input"
      inputRef={input}
      value={value}
      placeholder={placeholder}
      options={line.shown.map(({ text, note }) => ({ value: text, note: note || undefined }))}
      listLabel={messages.search.form.completions}
      isOpen={line.isOpen}
      onOpenChange={line.setOpen}
      onType={line.type}
      onMoveCursor={line.moveCursor}
      onTake={(option) => line.take(option.value)}
      tabTakes={language.tabTakesFirst ? 'first' : 'active'}
    />
  );
}
