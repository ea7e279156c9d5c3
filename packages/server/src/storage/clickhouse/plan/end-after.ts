import { unixNano } from '@clew/model';
import type { UnixNano } from '@clew/model';

const LATEST = (1n << 64n) - 1n;

/** The end, exclusive, of a time that includes a moment; undefined where no time ends later. */
export function endAfter(moment: bigint): UnixNano | undefined {
  return moment < LATEST ? unixNano(moment + 1n) : undefined;
}
