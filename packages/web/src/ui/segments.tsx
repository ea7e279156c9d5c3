import type { ReactNode } from 'react';
import './segments.css';

export interface SegmentsProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly {
    readonly value: Value;
    readonly label: string;
    readonly title?: string;
  }[];
  readonly onChange: (value: Value) => void;
}

/** One of two or three, all in sight. */
export function Segments<Value extends string>(props: SegmentsProps<Value>): ReactNode {
  const { label, value, options, onChange } = props;
  return (
    <div className="segments" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          title={option.title}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
