import { formatCount } from '../base/format.ts';

/** Texts of parts that stand on every page. */
export const ui = {
  clear: 'Clear',
  copied: 'Copied',
  panelFailed: (reason: string): string => `This could not be loaded: ${reason}`,
  more: (count: number): string => `${formatCount(count)} more: type to narrow`,
} as const;
