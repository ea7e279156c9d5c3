import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import { formatCompareUrl, parseCompareShown } from '../../state/compare-url.ts';
import type { ComparedPair, CompareShown } from '../../state/compare-url.ts';
import { formatQueryString } from '../../state/query-string.ts';
import type { QueryValues } from '../../state/query-string.ts';

/**
 * A click stands in the address at once, so that Back leads to it whatever comes next. An arrow key that is held down goes through
 * many rows, and browsers refuse so many addresses.
 */
const BETWEEN_WRITES_MS = 200;

export interface CompareAddress {
  readonly pair: ComparedPair;
  readonly search: QueryValues;
  readonly onSearchChange: (next: QueryValues, options: { readonly replace: boolean }) => void;
}

/** Keeps what is shown and the address in step. What one does replaces the address, so that Back leads to where one came from. */
export function useCompareUrl({
  pair,
  search,
  onSearchChange,
}: CompareAddress): readonly [CompareShown, (change: Partial<CompareShown>) => void] {
  const [shown, setShown] = useState(() => parseCompareShown(search));
  const address = formatQueryString(search);
  const known = useRef(address);
  /** Written and not seen in the address yet: on a busy machine that takes longer than until the next one is written. */
  const onTheirWay = useRef<string[]>([]);
  const writtenAtMs = useRef(Number.NEGATIVE_INFINITY);
  const read = useEffectEvent(() => setShown(parseCompareShown(search)));
  const write = useEffectEvent((next: CompareShown) => {
    const values = formatCompareUrl(pair, next);
    const text = formatQueryString(values);
    if (text === known.current) return;
    known.current = text;
    onTheirWay.current.push(text);
    writtenAtMs.current = performance.now();
    onSearchChange(values, { replace: true });
  });
  useEffect(() => {
    const at = onTheirWay.current.indexOf(address);
    // What is shown may be further by now than an address of ours that arrives.
    if (at >= 0) onTheirWay.current.splice(0, at + 1);
    else if (address !== known.current) {
      onTheirWay.current = [];
      known.current = address;
      read();
    }
  }, [address]);
  useEffect(() => {
    const waitMs = writtenAtMs.current + BETWEEN_WRITES_MS - performance.now();
    if (waitMs <= 0) {
      write(shown);
      return undefined;
    }
    const timer = setTimeout(() => write(shown), waitMs);
    return () => clearTimeout(timer);
  }, [shown]);
  const change = useCallback(
    (part: Partial<CompareShown>) => setShown((last) => ({ ...last, ...part })),
    [],
  );
  return [shown, change];
}
