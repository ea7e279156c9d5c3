import { useEffect, useState } from 'react';

/** True once `active` has been so for `delayMs`, false at once when it ends: what is over in a moment shows no progress. */
export function useDelayed(active: boolean, delayMs: number): boolean {
  const [isDue, setIsDue] = useState(false);
  useEffect(() => {
    if (!active) return undefined;
    const timer = setTimeout(() => setIsDue(true), delayMs);
    return () => {
      clearTimeout(timer);
      setIsDue(false);
    };
  }, [active, delayMs]);
  return active && isDue;
}
