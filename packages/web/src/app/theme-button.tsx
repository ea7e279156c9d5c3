import type { ReactNode } from 'react';
import type { Preferences } from '../state/preferences.ts';
import { Icon } from '../ui/icon.tsx';
import { usePreferences } from './providers.tsx';

const NEXT = { system: 'light', light: 'dark', dark: 'system' } as const;
const ICON = { system: 'system', light: 'sun', dark: 'moon' } as const;
const NAME: Readonly<Record<Preferences['theme'], string>> = {
  system: 'Auto',
  light: 'Light',
  dark: 'Dark',
};

/** Goes round: as the system says, light, dark. */
export function ThemeButton(): ReactNode {
  const { preferences, setPreferences } = usePreferences();
  const { theme } = preferences;
  const label = `Theme: ${NAME[theme]}. Switch to ${NAME[NEXT[theme]]}`;
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
