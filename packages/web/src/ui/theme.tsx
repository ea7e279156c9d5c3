import { createContext, useContext } from 'react';

/** The colours in force. A canvas draws anew when it changes. */
export type Theme = 'light' | 'dark';

/** Given by the application, which knows the reader's choice and the system's. */
export const ThemeContext = createContext<Theme>('light');

export function useTheme(): Theme {
  return useContext(ThemeContext);
}
