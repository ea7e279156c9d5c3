import type { ReactNode } from 'react';
import { useFieldControl } from './field.tsx';
import { Icon } from './icon.tsx';

export interface SelectProps<Value extends string> {
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}

/** A choice of a few, with the browser's own list: it works with every keyboard and every phone. */
export function Select<Value extends string>({
  value,
  options,
  onChange,
}: SelectProps<Value>): ReactNode {
  const change = (chosen: string) => {
    const option = options.find((one) => one.value === chosen);
    if (option !== undefined) onChange(option.value);
  };
  return (
    <div className="select-frame">
      <select
        className="select"
        {...useFieldControl()}
        value={value}
        onChange={(event) => change(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon name="chevronDown" />
    </div>
  );
}
