import { parseTraceId } from '@clew/model';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { comparePage } from '../../../messages/compare.ts';
import type { ComparedTrace, SideName } from '../../../state/compare-url.ts';
import { Button } from '../../../ui/button.tsx';
import { TextInput } from '../../../ui/text-input.tsx';

const texts = comparePage.choice;

/** Shorter ones are words, too: `feed`, `decade`. */
const ID_LENGTH = 16;

export interface SideFieldProps {
  readonly side: SideName;
  /** What the address has in its place, which is no trace that is here. */
  readonly trace: ComparedTrace | undefined;
  /** Whether what is chosen from the lists comes here. */
  readonly isTarget: boolean;
  readonly onTarget: () => void;
  readonly onChoose: (traceId: string) => void;
  readonly onFind: (text: string) => void;
}

/** Where one of the traces is chosen: by its id, which is taken as soon as it is pasted, or by what it is looked for with. */
export function SideField(props: SideFieldProps): ReactNode {
  const { side, trace, isTarget, onTarget, onChoose, onFind } = props;
  const [text, setText] = useState(trace?.text ?? '');
  const name = comparePage.names[side];
  const take = (typed: string): boolean => {
    const traceId = typed.length < ID_LENGTH ? undefined : parseTraceId(typed);
    if (traceId !== undefined) onChoose(traceId);
    return traceId !== undefined;
  };
  return (
    <form
      className="compare-field"
      data-target={isTarget}
      onSubmit={(event) => {
        event.preventDefault();
        onTarget();
        if (text.trim() !== '' && !take(text.trim())) onFind(text.trim());
      }}
    >
      <TextInput
        value={text}
        placeholder={texts.fieldPlaceholder}
        aria-label={texts.fieldLabel(name)}
        onFocus={onTarget}
        onChange={setText}
        onPaste={(event) => {
          if (take(event.clipboardData.getData('text').trim())) event.preventDefault();
        }}
      />
      <Button type="submit" aria-label={texts.findLabel(name)}>
        {texts.find}
      </Button>
      <small>{isTarget ? texts.target : ''}</small>
    </form>
  );
}
