import type { ReactNode } from 'react';
import { messages } from '../messages/messages.ts';
import type { Preferences } from '../state/preferences.ts';
import { Icon } from '../ui/icon.tsx';
import { usePreferences } from './providers.tsx';

const NEXT = { system: 'light', light: 'dark', dark: 'system' } as const;
const ICON = { system: 'system', light: 'sun', dark: 'moon' } as const;
const NAME: Readonly<Record<Preferences['theme'], string>> = messages.app.themes;

/** Goes round: as the system says, light, dark. */
export function ThemeButton(): ReactNode {
  const { preferences, setPreferences } = usePreferences();
  const { theme } = preferences;
  const label = messages.app.themeTitle(NAME[theme], NAME[NEXT[theme]]);
  return (
    <button
      type="button"
      className="rail-item"
      aria-label={label}
      title={label}
      onClick={() => setPreferences({ theme: NEXT[theme] })}
    >
      <Icon name={ICON[theme]} />
      {NAME[theme]}
    </button>
  );
}
