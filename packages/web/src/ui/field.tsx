import { createContext, useContext, useId, useMemo } from 'react';
import type { ReactNode } from 'react';
import './field.css';

interface FieldContextValue {
  readonly controlId: string;
  readonly errorId: string;
  readonly isInvalid: boolean;
}

const FieldContext = createContext<FieldContextValue | undefined>(undefined);

export interface FieldProps {
  readonly label: string;
  /** Why the value is refused; shown under the control. */
  readonly error?: string | undefined;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A label, one control and what is wrong with its value. */
export function Field({ label, error, className, children }: FieldProps): ReactNode {
  const controlId = useId();
  const errorId = useId();
  const isInvalid = error !== undefined;
  const context = useMemo(
    () => ({ controlId, errorId, isInvalid }),
    [controlId, errorId, isInvalid],
  );
  return (
    <FieldContext value={context}>
      <div className={['field', className].filter(Boolean).join(' ')}>
        <label htmlFor={controlId}>{label}</label>
        {children}
        {error === undefined ? undefined : (
          <p id={errorId} className="field-error" role="alert">
            {error}
          </p>
        )}
      </div>
    </FieldContext>
  );
}

/** What a control puts on its element so that the field's label and error belong to it. */
export function useFieldControl(): {
  readonly id: string | undefined;
  readonly 'aria-invalid': boolean | undefined;
  readonly 'aria-describedby': string | undefined;
} {
  const field = useContext(FieldContext);
  return {
    id: field?.controlId,
    'aria-invalid': field?.isInvalid === true ? true : undefined,
    'aria-describedby': field?.isInvalid === true ? field.errorId : undefined,
  };
}
