import type { BaggageMember } from '@clew/protocol';
import type { Baggage } from '@opentelemetry/api';
import { toText } from '../to-text.ts';

/** What can travel of some baggage. */
export interface BaggageMembers {
  readonly members: readonly BaggageMember[];
  /** Entries without a text, which JavaScript lets through. */
  readonly leftOut: number;
}

/** What is told once of baggage that does not arrive. */
export const BAGGAGE_LEFT_OUT =
  'baggage is not handed on that is no text, has a key that headers cannot have, or is beyond 180 entries or 8192 bytes';

/** What a request is to carry of the baggage. Numbers and booleans are made texts; other values that are none are left out. */
export function baggageMembers(baggage: Baggage | undefined): BaggageMembers {
  const entries = baggage?.getAllEntries() ?? [];
  const members = entries.flatMap(([key, entry]) => toMember(key, entry));
  return { members, leftOut: entries.length - members.length };
}

function toMember(key: unknown, entry: unknown): BaggageMember[] {
  if (typeof key !== 'string' || typeof entry !== 'object' || entry === null) return [];
  const value = plainText(Reflect.get(entry, 'value'));
  const metadata: unknown = Reflect.get(entry, 'metadata');
  if (value === undefined) return [];
  return [{ key, value, metadata: metadata === undefined ? '' : toText(metadata) }];
}

function plainText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const isPlain = typeof value === 'number' || typeof value === 'boolean';
  return isPlain || typeof value === 'bigint' ? String(value) : undefined;
}
