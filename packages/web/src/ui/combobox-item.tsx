import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { ShownText } from './shown-text.tsx';
import type { ComboboxOption } from './combobox-options.ts';
import './combobox.css';

/** A line of the list under a field that completes. */
export function ComboboxItem({
  id,
  option,
  isActive,
  isChosen,
  onTake,
}: {
  readonly id: string;
  readonly option: ComboboxOption;
  readonly isActive: boolean;
  readonly isChosen: boolean;
  readonly onTake: () => void;
}): ReactNode {
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isActive) item.current?.scrollIntoView({ block: 'nearest' });
  }, [isActive]);
  return (
    <li
      ref={item}
      id={id}
      role="option"
      className="combobox-option"
      aria-selected={isChosen}
      data-active={isActive}
      data-service-color={option.serviceColor}
      // Before the field loses the focus, which would close the list under the pointer.
      onPointerDown={(event) => {
        event.preventDefault();
        onTake();
      }}
    >
      {option.serviceColor === undefined ? undefined : <i className="service-swatch" />}
      <span>
        <ShownText text={option.value} />
      </span>
      {option.note === undefined ? undefined : <small>{option.note}</small>}
    </li>
  );
}
