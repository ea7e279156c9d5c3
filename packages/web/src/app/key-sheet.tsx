import { useEffect, useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.ts';
import { Button } from '../ui/button.tsx';
import type { CommandSection } from '../ui/command-table.ts';
import { useCommandTable } from '../ui/commands.tsx';
import { Icon } from '../ui/icon.tsx';
import { KeyCaps } from '../ui/key-caps.tsx';
import './key-sheet.css';

export interface KeySheetProps {
  readonly onClose: () => void;
  readonly onPalette: () => void;
}

/** The keys of everything that was on the screen when it was opened. */
export function KeySheet({ onClose, onPalette }: KeySheetProps): ReactNode {
  const table = useCommandTable();
  const [sections] = useState(() => table.sections());
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  return (
    <dialog
      ref={dialog}
      className="key-sheet"
      aria-label={messages.app.keys.sheet}
      closedby="any"
      onClose={onClose}
    >
      <div className="key-sheet-head">
        <h2>{messages.app.keys.sheet}</h2>
        <Button
          look="quiet"
          onClick={() => {
            close();
            onPalette();
          }}
        >
          {messages.app.palette.open} <KeyCaps keys={['Mod+k']} />
        </Button>
        <Button look="quiet" aria-label={messages.app.keys.closeSheet} onClick={close}>
          <Icon name="close" />
        </Button>
      </div>
      <div className="key-sheet-sections">
        {sections.map((section) => (
          <KeySection key={section.title} section={section} />
        ))}
      </div>
    </dialog>
  );
}

function KeySection({ section: { title, commands } }: { readonly section: CommandSection }) {
  const titleId = useId();
  const withKeys = commands.filter(({ keys = [] }) => keys.length > 0);
  if (withKeys.length === 0) return undefined;
  return (
    <section aria-labelledby={titleId}>
      <h3 id={titleId}>{title}</h3>
      <dl>
        {withKeys.map(({ name, keys = [] }) => (
          <div key={name}>
            <dt>
              <KeyCaps keys={keys} />
            </dt>
            <dd>{name}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
