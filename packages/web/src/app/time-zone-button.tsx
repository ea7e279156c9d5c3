import { useState } from 'react';
import type { ReactNode } from 'react';
import { formatUtcOffset } from '../base/format-time.ts';
import { messages } from '../messages/messages.ts';
import { Button } from '../ui/button.tsx';
import { usePreferences } from './providers.tsx';

/** Shows which clock the times are in, and changes between the reader's and UTC. */
export function TimeZoneButton(): ReactNode {
  const { preferences, setPreferences } = usePreferences();
  const other = preferences.timeZone === 'local' ? 'utc' : 'local';
  const [here] = useState(() => formatUtcOffset(Date.now(), 'local'));
  const shown = preferences.timeZone === 'utc' ? messages.app.utc : here;
  const title =
    preferences.timeZone === 'local' ? messages.app.localTitle(here) : messages.app.utcTitle(here);
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
