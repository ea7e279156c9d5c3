import { formatCount } from '../base/format.ts';

/** Texts of parts that stand on every page. */
export const ui = {
  clear: 'Clear',
  copied: 'Copied',
  panelFailed: (reason: string): string => `This could not be loaded: ${reason}`,
  more: (count: number): string => `${formatCount(count)} more: type to narrow`,
  part: {
    failed: (name: string): string => `${name} could not be loaded`,
    broken: (name: string): string => `${name} could not be shown`,
    advice: (reason: string): string =>
      `${reason}. The rest of the page is as it was; if trying again does not help, load it anew.`,
    retry: 'Try again',
  },
} as const;
