import type { InputHTMLAttributes, ReactNode, Ref } from 'react';
import { useFieldControl } from './field.tsx';

export interface TextInputProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly ref?: Ref<HTMLInputElement> | undefined;
}

/** One line of text; inside a `Field` it belongs to its label. */
export function TextInput({ onChange, ...rest }: TextInputProps): ReactNode {
  return (
    <input
      type="text"
      className="text-input"
      autoComplete="off"
      spellCheck={false}
      {...useFieldControl()}
      {...rest}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
