import { DialogDismiss, Dialog as Primitive } from '@ariakit/react/dialog';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import './dialog.css';

export interface DialogProps {
  readonly label: string;
  readonly className: string;
  /** Escape, or a press beside it; whoever shows the dialog takes it away then. */
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * Lies over the page, which can do nothing until it is closed; then the focus is back where it was. It is there for as long as it
 * is rendered. To close it and go on at once, take it away within `flushSync`.
 */
export function Dialog({ label, className, onClose, children }: DialogProps): ReactNode {
  return (
    <Primitive
      open
      onClose={onClose}
      aria-label={label}
      aria-modal
      className={`dialog ${className}`}
      backdrop={<div className="dialog-backdrop" />}
      // The page does not scroll, only parts of it do.
      preventBodyScroll={false}
    >
      {children}
    </Primitive>
  );
}

/** Closes the dialog that it stands in. */
export function DialogClose({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <DialogDismiss aria-label={label} render={<Button look="quiet" />}>
      {children}
    </DialogDismiss>
  );
}

/** The way out of a dialog without a button for it, for who goes through it with a screen reader. */
export function DialogEnd({ label }: { readonly label: string }): ReactNode {
  return <DialogDismiss className="visually-hidden" tabIndex={-1} aria-label={label} />;
}
