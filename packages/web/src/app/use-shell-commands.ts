import { useLocation, useNavigate } from '@tanstack/react-router';
import { messages } from '../messages/messages.ts';
import type { Preferences } from '../state/preferences.ts';
import type { Command } from '../ui/command-table.ts';
import { useCommands } from '../ui/commands.tsx';
import { usePreferences } from './providers.tsx';

const TEXTS = messages.app.commands;

/** What one can do on every page. */
export function useShellCommands({
  onKeys,
  onPalette,
}: {
  readonly onKeys: () => void;
  readonly onPalette: () => void;
}): void {
  const navigate = useNavigate();
  const isSearching = useLocation({ select: ({ pathname }) => pathname.endsWith('/search') });
  const { preferences, setPreferences } = usePreferences();
  const choose = (name: string, change: Partial<Preferences>): Command => ({
    name,
    run: () => setPreferences(change),
    isAvailable: () => Object.entries({ ...preferences, ...change }).some(isOther(preferences)),
  });
  useCommands({
    title: TEXTS.title,
    reach: 'everywhere',
    commands: [
      {
        name: TEXTS.search,
        // On other pages `/` finds in what is shown; on this one both would empty the form.
        keys: isSearching ? ['/'] : ['/', 'S'],
        run: () => void navigate({ to: '/search', search: {} }),
      },
      {
        name: TEXTS.openTrace,
        keys: ['g'],
        run: () => document.getElementById('trace-id')?.focus(),
      },
      { name: TEXTS.palette, keys: ['Mod+k'], run: onPalette },
      { name: TEXTS.showKeys, keys: ['?'], run: onKeys },
      { name: TEXTS.close, keys: ['Escape'] },
      choose(TEXTS.theme(messages.app.themes.light), { theme: 'light' }),
      choose(TEXTS.theme(messages.app.themes.dark), { theme: 'dark' }),
      choose(TEXTS.theme(messages.app.themes.system), { theme: 'system' }),
      choose(TEXTS.utc, { timeZone: 'utc' }),
      choose(TEXTS.local, { timeZone: 'local' }),
    ],
  });
}

function isOther(preferences: Preferences): (entry: [string, unknown]) => boolean {
  return ([key, value]) => Reflect.get(preferences, key) !== value;
}
