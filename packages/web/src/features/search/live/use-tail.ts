import type { ClewClient, QueryParameters } from '@clew/api';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { followSpans } from './follow-spans.ts';
import type { TailStatus } from './follow-spans.ts';
import { TailBuffer } from './tail-buffer.ts';
import type { Tail } from './tail-buffer.ts';

/** Fast enough to seem at once, slow enough to be drawn. */
const FLUSH_EVERY_MS = 150;

/** Follows spans while it is on the page; `conditions` must stay the same object while they are. */
export function useTail(
  client: ClewClient,
  conditions: QueryParameters,
): { readonly tail: Tail; readonly buffer: TailBuffer; readonly status: TailStatus } {
  const [buffer] = useState(() => new TailBuffer());
  const [status, setStatus] = useState<TailStatus>({ kind: 'connecting' });
  useEffect(() => {
    const abort = new AbortController();
    const timer = setInterval(() => buffer.flush(), FLUSH_EVERY_MS);
    buffer.clear();
    void followSpans({
      client,
      conditions,
      buffer,
      signal: abort.signal,
      onStatus: setStatus,
      wait,
    });
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, [client, conditions, buffer]);
  return { tail: useSyncExternalStore(buffer.subscribe, buffer.get), buffer, status };
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
