import { useId } from 'react';
import { flushSync } from 'react-dom';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.ts';
import { Button } from '../ui/button.tsx';
import type { CommandSection } from '../ui/command-table.ts';
import { useCommandSections } from '../ui/commands.tsx';
import { Dialog, DialogClose } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { KeyCaps } from '../ui/key-caps.tsx';
import './key-sheet.css';

export interface KeySheetProps {
  readonly onClose: () => void;
  readonly onPalette: () => void;
}

/** The keys of everything that is on the screen. */
export function KeySheet({ onClose, onPalette }: KeySheetProps): ReactNode {
  const sections = useCommandSections();
  return (
    <Dialog label={messages.app.keys.sheet} className="key-sheet" onClose={onClose}>
      <div className="key-sheet-head">
        <h2>{messages.app.keys.sheet}</h2>
        <Button
          look="quiet"
          onClick={() => {
            // The focus is back where it was before the palette notes where it is.
            flushSync(onClose);
            onPalette();
          }}
        >
          {messages.app.palette.open} <KeyCaps keys={['Mod+k']} />
        </Button>
        <DialogClose label={messages.app.keys.closeSheet}>
          <Icon name="close" />
        </DialogClose>
      </div>
      <div className="key-sheet-sections">
        {sections.map((section) => (
          <KeySection key={section.title} section={section} />
        ))}
      </div>
    </Dialog>
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
