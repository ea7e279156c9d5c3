import { formatCount } from '../base/format.ts';

/** Texts of parts that stand on every page. */
export const ui = {
  clear: 'Clear',
  copied: 'Copied',
  more: (count: number): string => `${formatCount(count)} more: type to narrow`,
} as const;
