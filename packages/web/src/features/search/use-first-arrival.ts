import type { ClewClient } from '@clew/api';
import { useEffect, useRef } from 'react';
import { useServices } from './use-services.ts';

/** Searches again as soon as an empty store has received its first service. */
export function useFirstArrival(client: ClewClient, onArrival: () => void): void {
  const count = useServices(client).data?.length;
  const wasEmpty = useRef(false);
  const latest = useRef(onArrival);
  useEffect(() => {
    latest.current = onArrival;
  });
  useEffect(() => {
    if (wasEmpty.current && count !== undefined && count > 0) latest.current();
    if (count !== undefined) wasEmpty.current = count === 0;
  }, [count]);
}
