import { diag } from '@opentelemetry/api';

/**
 * Whether a request may carry the trace: to the page's own origin, and to where the page says. Elsewhere the header would make
 * the browser ask first, and the request fail where the answer is no.
 */
export function propagationTargets(
  targets: readonly (string | RegExp)[],
  ownOrigin: string,
): (url: URL) => boolean {
  const origins = new Set([ownOrigin]);
  const expressions: RegExp[] = [];
  for (const target of targets) {
    if (target instanceof RegExp) expressions.push(target);
    else if (URL.canParse(target)) origins.add(new URL(target).origin);
    else diag.warn(`clew: propagateTo has something that is no origin: "${target}"`);
  }
  // Unlike `test`, `search` begins at the front each time.
  return ({ origin, href }) =>
    origins.has(origin) || expressions.some((expression) => href.search(expression) >= 0);
}
