/** Numbers and truth values as Go's library reads them, and what it says of others: Jaeger's errors are made of that. */
import { shorten } from '@clew/model';
import type { DurationNano, InvalidQueryError } from '@clew/model';
import { goDurationFault, parseGoDuration } from '../go-duration.ts';

/** Makes an error of what is wrong with a text. */
export type Refuse = (reason: string) => InvalidQueryError;

/** A signed number of at most 64 bits. */
export function readGoInt(text: string, refuse: Refuse): bigint {
  if (!/^[+-]?\d{1,40}$/.test(text)) throw refuse(fault('ParseInt', text, 'invalid syntax'));
  const number = BigInt(text.replace(/^\+/, ''));
  if (BigInt.asIntN(64, number) === number) return number;
  throw refuse(fault('ParseInt', text, 'value out of range'));
}

export function readGoFloat(text: string, refuse: Refuse): number {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) {
    throw refuse(fault('ParseFloat', text, 'invalid syntax'));
  }
  return Number(text);
}

export function readGoBool(text: string, refuse: Refuse): boolean {
  const value = parseGoBool(text);
  if (value === undefined) throw refuse(fault('ParseBool', text, 'invalid syntax'));
  return value;
}

export function parseGoBool(text: string): boolean | undefined {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text) ? false : undefined;
}

/** Negative ones are refused, too. */
export function readGoDuration(text: string, refuse: Refuse): DurationNano {
  const duration = parseGoDuration(text);
  if (duration === undefined) throw refuse(goDurationFault(text));
  return duration;
}

function fault(what: string, text: string, reason: string): string {
  return `strconv.${what}: parsing ${JSON.stringify(shorten(text))}: ${reason}`;
}
