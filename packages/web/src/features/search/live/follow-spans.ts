import { ApiError } from '@clew/api';
import type { ClewClient, QueryParameters } from '@clew/api';
import type { TailBuffer } from './tail-buffer.ts';

export type TailStatus =
  | { readonly kind: 'connecting' | 'following' }
  /** It is tried again. */
  | { readonly kind: 'broken'; readonly reason: string; readonly againInMs: number }
  /** The conditions cannot be followed: trying again would not help. */
  | { readonly kind: 'refused'; readonly error: ApiError };

export interface FollowOptions {
  readonly client: Pick<ClewClient, 'tailSpans'>;
  /** The form's conditions, without time. */
  readonly conditions: QueryParameters;
  readonly buffer: TailBuffer;
  readonly signal: AbortSignal;
  readonly onStatus: (status: TailStatus) => void;
  /** Resolves after so long, or when the signal says so. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** As many as fill a screen, so that the list does not begin empty. */
const BACKLOG = '50';
const FIRST_WAIT_MS = 1000;
const MAX_WAIT_MS = 15_000;

/** Takes in what arrives until it is aborted, connecting anew whenever the connection ends. */
export async function followSpans(options: FollowOptions): Promise<void> {
  const { buffer, signal, onStatus } = options;
  let waitMs = FIRST_WAIT_MS;
  let backlog = BACKLOG;
  while (!signal.aborted) {
    onStatus({ kind: 'connecting' });
    let reason = '';
    try {
      const query = { ...options.conditions, backlog };
      for await (const event of options.client.tailSpans(query, { signal })) {
        onStatus({ kind: 'following' });
        waitMs = FIRST_WAIT_MS;
        // What is there when it connects again has been seen, or has been missed and is found by searching.
        backlog = '0';
        if (event.event === 'span') buffer.add(event.data);
        else if (event.event === 'skipped') buffer.skip(event.data.atLeast);
        else reason = event.data.error.message;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      if (error.code === 'invalid_argument') {
        onStatus({ kind: 'refused', error });
        return;
      }
      reason = error.message;
    }
    onStatus({ kind: 'broken', reason, againInMs: waitMs });
    await options.wait(waitMs, signal);
    waitMs = Math.min(2 * waitMs, MAX_WAIT_MS);
  }
}
