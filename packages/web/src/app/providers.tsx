import type { QueryClient } from '@tanstack/react-query';
import { QueryClientProvider } from '@tanstack/react-query';
import { createContext, useContext, useLayoutEffect, useMemo, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import type { PreferenceStore, Preferences } from '../state/preferences.ts';
import { CommandsProvider } from '../ui/commands.tsx';
import { ThemeContext } from '../ui/theme.tsx';
import type { Theme } from '../ui/theme.tsx';
import { TimeZoneContext } from '../ui/time-zone.tsx';

interface PreferencesAndSetter {
  readonly preferences: Preferences;
  readonly setPreferences: (change: Partial<Preferences>) => void;
}

const PreferencesContext = createContext<PreferencesAndSetter | undefined>(undefined);

export interface ProvidersProps {
  readonly preferences: PreferenceStore;
  readonly queryClient: QueryClient;
  /** In the place of the reader's own. */
  readonly theme?: Theme | undefined;
  readonly children: ReactNode;
}

/** Everything that all pages share. */
export function Providers({
  preferences: store,
  queryClient,
  theme: given,
  children,
}: ProvidersProps): ReactNode {
  const preferences = useSyncExternalStore(store.subscribe, store.get);
  const theme = useAppliedTheme(given ?? preferences.theme);
  const context = useMemo(
    () => ({ preferences, setPreferences: (change: Partial<Preferences>) => store.set(change) }),
    [preferences, store],
  );
  return (
    <PreferencesContext value={context}>
      <ThemeContext value={theme}>
        <TimeZoneContext value={preferences.timeZone}>
          <QueryClientProvider client={queryClient}>
            <CommandsProvider>{children}</CommandsProvider>
          </QueryClientProvider>
        </TimeZoneContext>
      </ThemeContext>
    </PreferencesContext>
  );
}

/** The reader's preferences and how to change them; only inside `Providers`. */
export function usePreferences(): PreferencesAndSetter {
  const context = useContext(PreferencesContext);
  if (context === undefined) throw new Error('usePreferences is used outside of Providers');
  return context;
}

const DARK_SYSTEM = '(prefers-color-scheme: dark)';

function useAppliedTheme(choice: Preferences['theme']): Theme {
  const system = useSyncExternalStore(subscribeToSystemTheme, readSystemTheme);
  const theme = choice === 'system' ? system : choice;
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return theme;
}

function subscribeToSystemTheme(listener: () => void): () => void {
  const query = matchMedia(DARK_SYSTEM);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

function readSystemTheme(): Theme {
  return matchMedia(DARK_SYSTEM).matches ? 'dark' : 'light';
}
