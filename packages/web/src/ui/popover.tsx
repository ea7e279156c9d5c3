import { useEffect, useId, useRef, useState } from 'react';
import type { ComponentType, ReactNode } from 'react';
import { messages } from '../messages/messages.ts';
import { Button } from './button.tsx';
import type { PanelProps, PopoverPanelProps } from './popover-panel.tsx';

export interface PopoverProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  /** Around the button and what it opens: it places the panel. */
  readonly className: string;
  readonly button: {
    readonly title: string;
    readonly label?: string;
    readonly children: ReactNode;
  };
  readonly panel: PanelProps;
  readonly children: ReactNode;
}

/**
 * A button and what it opens under itself, which Escape and a press beside it close. The code of the panel is
 * fetched when the button is pointed at, reached with Tab, or pressed.
 */
export function Popover(props: PopoverProps): ReactNode {
  const { isOpen, onOpenChange, className, button, panel, children } = props;
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const { Panel, error, load } = usePanel();
  useEffect(() => {
    if (isOpen) load();
  }, [isOpen, load]);
  return (
    <div className={className}>
      <Button
        ref={opener}
        look="quiet"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-label={button.label}
        title={button.title}
        onPointerEnter={load}
        onFocus={load}
        onClick={() => onOpenChange(!isOpen)}
      >
        {button.children}
      </Button>
      {/* Gone at once when it is closed: a primitive waits whether something moves. */}
      {!isOpen || Panel === undefined ? undefined : (
        <Panel {...panel} id={id} onClose={() => onOpenChange(false)} button={opener}>
          {children}
        </Panel>
      )}
      {isOpen && Panel === undefined && error !== undefined ? (
        <p id={id} className={panel.className} role="alert">
          {messages.ui.panelFailed(error.message)}
        </p>
      ) : undefined}
    </div>
  );
}

/** The panel's code, once it is here. Where it could not be fetched, the next opening tries again. */
function usePanel(): {
  readonly Panel: ComponentType<PopoverPanelProps> | undefined;
  readonly error: Error | undefined;
  readonly load: () => void;
} {
  const [Panel, setPanel] = useState<ComponentType<PopoverPanelProps>>();
  const [error, setError] = useState<Error>();
  const [load] = useState(() => () => {
    import('./popover-panel.tsx').then(
      ({ PopoverPanel }) => setPanel(() => PopoverPanel),
      (cause: unknown) => setError(cause instanceof Error ? cause : new Error(String(cause))),
    );
  });
  return { Panel, error, load };
}
