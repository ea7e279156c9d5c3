import { useState } from 'react';
import type { ReactNode } from 'react';
import { formatUtcOffset } from '../base/format-time.ts';
import { Button } from '../ui/button.tsx';
import { usePreferences } from './providers.tsx';

/** Shows which clock the times are in, and changes between the reader's and UTC. */
export function TimeZoneButton(): ReactNode {
  const { preferences, setPreferences } = usePreferences();
  const other = preferences.timeZone === 'local' ? 'utc' : 'local';
  const [here] = useState(() => formatUtcOffset(Date.now(), 'local'));
  const shown = preferences.timeZone === 'utc' ? 'UTC' : here;
  const title =
    preferences.timeZone === 'local'
      ? `Times are in your zone (${here}). Switch to UTC`
      : `Times are in UTC. Switch to your zone (${here})`;
  return (
    <Button
      look="quiet"
      className="shell-zone"
      aria-label={title}
      title={title}
      onClick={() => setPreferences({ timeZone: other })}
    >
      {shown}
    </Button>
  );
}
