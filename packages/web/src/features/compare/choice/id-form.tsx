import { parseTraceId } from '@clew/model';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { TextInput } from '../../../ui/text-input.tsx';

const texts = messages.compare.choice;

/** A trace by its id: paste it and it is chosen, type it and press Enter. */
export function IdForm({
  label,
  onChoose,
}: {
  readonly label: string;
  readonly onChoose: (traceId: string) => void;
}): ReactNode {
  const [text, setText] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const choose = (typed: string): boolean => {
    const traceId = parseTraceId(typed.trim());
    if (traceId === undefined) return false;
    setText('');
    onChoose(traceId);
    return true;
  };
  return (
    <form
      className="choice-id"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') setIsWrong(!choose(text));
      }}
    >
      <Field label={label} error={isWrong ? texts.idError : undefined}>
        <TextInput
          value={text}
          onChange={(next) => {
            setText(next);
            setIsWrong(false);
          }}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text').trim();
            if (pasted.length >= 16 && choose(pasted)) event.preventDefault();
          }}
        />
      </Field>
      <Button type="submit">{texts.compare}</Button>
    </form>
  );
}
