import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import type { SearchState } from '../../../state/search-state.ts';
import { Icon } from '../../../ui/icon.tsx';
import { useTimeZone } from '../../../ui/time-zone.tsx';
import { describeConditions, describeRest } from '../history/describe-search.ts';

const text = messages.search.form;

/** On a narrow screen: the search on the screen in a line, which opens the form and folds it. Wider ones have no need of it. */
export function FormFold({
  shown,
  isOpen,
  onOpenChange,
}: {
  readonly shown: SearchState;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}): ReactNode {
  const zone = useTimeZone();
  return (
    <button
      type="button"
      className="search-form-fold"
      aria-expanded={isOpen}
      title={isOpen ? text.fold : text.edit}
      onClick={() => onOpenChange(!isOpen)}
    >
      <Icon name="search" />
      <span className="search-form-words">{describeConditions(shown)}</span>
      <span className="search-form-rest">{describeRest(shown, zone)}</span>
      <Icon name={isOpen ? 'chevronUp' : 'chevronDown'} />
    </button>
  );
}
