import { createContext, useContext } from 'react';
import type { TimeZone } from '../base/format-time.ts';

/** Given by the application from the reader's preferences. */
export const TimeZoneContext = createContext<TimeZone>('local');

/** Which clock to show times in: hand it to the functions of `base/format-time.ts`. */
export function useTimeZone(): TimeZone {
  return useContext(TimeZoneContext);
}
