import { Outlet, useLocation, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.ts';
import type { QueryValues } from '../state/query-string.ts';
import { toFullAddress } from '../ui/embed-address.ts';
import { EmbedContext } from '../ui/embed.tsx';
import { useKeyHelp, useOpenKeyboardHelp } from '../ui/keyboard-help.tsx';
import type { KeySection } from '../ui/keyboard-help.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { TopLineSlot } from '../ui/top-line.tsx';
import { Rail } from './rail.tsx';
import { TraceIdBox } from './trace-id-box.tsx';
import { TimeZoneButton } from './time-zone-button.tsx';
import { useGlobalKeys } from './use-global-keys.ts';
import './shell.css';

const KEYS: KeySection = {
  title: messages.app.keys.title,
  keys: [
    { keys: ['/'], does: messages.app.keys.search },
    { keys: ['g'], does: messages.app.keys.openTrace },
    { keys: ['?'], does: messages.app.keys.showKeys },
    { keys: ['Esc'], does: messages.app.keys.close },
  ],
};

/** The frame of every page; none where the page stands in another one. */
export function Shell(): ReactNode {
  const { embed }: QueryValues = useSearch({ strict: false });
  return embed === '1' ? <EmbeddedWork /> : <FramedWork />;
}

/** Of its place on the top line, a page that is embedded has the title of the tab. */
function EmbeddedWork(): ReactNode {
  // Rendered anew with every address.
  useLocation();
  return (
    <EmbedContext value={toFullAddress(location.href)}>
      <main className="shell-embedded">
        <Outlet />
      </main>
    </EmbedContext>
  );
}

/** The rail, the top line and the work. */
function FramedWork(): ReactNode {
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const openHelp = useOpenKeyboardHelp();
  useKeyHelp(KEYS);
  useGlobalKeys();
  return (
    <div className="shell">
      <a className="shell-skip" href="#work" onClick={skipToWork}>
        {messages.app.skip}
      </a>
      <Rail />
      <header className="shell-top">
        <div className="shell-slot" ref={setSlot} />
        <TraceIdBox />
        <TimeZoneButton />
        <Button
          look="quiet"
          className="shell-keys"
          aria-label={messages.app.keyboard}
          title={messages.app.keyboardTitle}
          onClick={openHelp}
        >
          <Icon name="keyboard" />
        </Button>
      </header>
      <main id="work" className="shell-work" tabIndex={-1}>
        <TopLineSlot value={slot}>
          <Outlet />
        </TopLineSlot>
      </main>
    </div>
  );
}

/** Moves the focus without touching the address: with a `<base>`, following `#work` would leave the page. */
function skipToWork(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('work')?.focus();
}
