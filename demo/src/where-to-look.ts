import type { ClewAddresses } from './clew.ts';

/**
 * Where a trace can be seen once the demo has ended; `undefined` when no Clew is known. A Clew of the demo's own has ended with it, and is
 * to be started again with the options of `clew serve` that it had.
 */
export function whereToLook(
  { uiUrl, isOurs }: ClewAddresses,
  serveArguments: readonly string[],
  traceId: string,
): string | undefined {
  if (uiUrl === undefined) return undefined;
  const page = `${uiUrl}/trace/${traceId}`;
  if (!isOurs) return page;
  return `${['npm start', ...(serveArguments.length === 0 ? [] : ['--']), ...serveArguments].join(' ')}, then ${page}`;
}
