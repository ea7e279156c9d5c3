import { Outlet, useLocation, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { messages } from '../messages/messages.ts';
import type { QueryValues } from '../state/query-string.ts';
import { toFullAddress } from '../ui/embed-address.ts';
import { EmbedContext } from '../ui/embed.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { nameOfKey } from '../ui/key-caps.tsx';
import { TopLineSlot } from '../ui/top-line.tsx';
import { Rail } from './rail.tsx';
import { ShellDialog, preloadPalette } from './shell-dialog.tsx';
import type { ShellDialogName } from './shell-dialog.tsx';
import { TraceIdBox } from './trace-id-box.tsx';
import { TimeZoneButton } from './time-zone-button.tsx';
import { useShellCommands } from './use-shell-commands.ts';
import './shell.css';

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
  const [dialog, setDialog] = useState<ShellDialogName>();
  const close = () => setDialog(undefined);
  const openKeys = () => setDialog('keys');
  const openPalette = () => setDialog('palette');
  useShellCommands({ onKeys: openKeys, onPalette: openPalette });
  return (
    <div className="shell">
      <a className="shell-skip" href="#work" onClick={skipToWork}>
        {messages.app.skip}
      </a>
      <Rail />
      <header className="shell-top">
        <div className="shell-slot" ref={setSlot} />
        <Button
          look="quiet"
          className="shell-palette"
          aria-label={messages.app.palette.open}
          title={messages.app.palette.title(nameOfKey('Mod+k'))}
          onPointerEnter={preloadPalette}
          onClick={openPalette}
        >
          <Icon name="command" />
        </Button>
        <TraceIdBox />
        <TimeZoneButton />
        <Button
          look="quiet"
          className="shell-keys"
          aria-label={messages.app.keyboard}
          title={messages.app.keyboardTitle}
          onClick={openKeys}
        >
          <Icon name="keyboard" />
        </Button>
      </header>
      <main id="work" className="shell-work" tabIndex={-1}>
        <TopLineSlot value={slot}>
          <Outlet />
        </TopLineSlot>
      </main>
      {dialog === undefined ? undefined : (
        <ShellDialog key={dialog} name={dialog} onClose={close} onPalette={openPalette} />
      )}
    </div>
  );
}

/** Moves the focus without touching the address: with a `<base>`, following `#work` would leave the page. */
function skipToWork(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('work')?.focus();
}
