import { Dialog, useDialogStore } from '@ariakit/react/dialog';
import { useLayoutEffect } from 'react';
import type { ReactNode, RefObject } from 'react';
import { takeEscape } from './take-escape.ts';

export interface PanelProps {
  readonly role: 'dialog' | 'group';
  readonly label: string;
  readonly className: string;
  /** Whether the focus goes into it when it is opened. */
  readonly takesFocus: boolean;
}

export interface PopoverPanelProps extends PanelProps {
  readonly id: string;
  readonly onClose: () => void;
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly children: ReactNode;
}

/** What a popover's button opens, open for as long as it is rendered. The page around it goes on. */
export function PopoverPanel(props: PopoverPanelProps): ReactNode {
  const { id, role, label, className, takesFocus, onClose, button, children } = props;
  const store = useDialogStore({ open: true, setOpen: (isOpen) => isOpen || onClose() });
  // Who presses the button again is not beside the panel, and the focus comes back to it.
  useLayoutEffect(() => store.setDisclosureElement(button.current), [store, button]);
  return (
    <Dialog
      store={store}
      id={id}
      modal={false}
      role={role}
      aria-label={label}
      className={className}
      autoFocusOnShow={takesFocus}
      hideOnEscape={takeEscape}
      // A picture that has just come takes the keys; that is nobody's wish to close what is open.
      hideOnInteractOutside={({ type }) => type !== 'focusin'}
    >
      {children}
    </Dialog>
  );
}
