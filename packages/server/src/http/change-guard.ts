/**
 * Keeps foreign web pages from changing anything. Clew has no login, so whoever reaches the port may ask; but a page
 * that somebody has open in a browser must not ask in their name. Two ways in are closed: a request that another
 * origin's page sends (its `Origin` gives it away), and DNS rebinding, where the page's own name is pointed at this
 * machine, so that its origin looks like ours (the `Host` gives that away: it is not a name of ours).
 *
 * Reading needs no guard, because browsers do not show a page what another origin answered.
 */
import { isIP } from 'node:net';
import { PermissionError, shorten } from '@clew/model';
import type { MiddlewareHandler } from 'hono';

export interface ChangeGuardOptions {
  /** Names under which Clew may be asked for changes, beside `localhost` and all IP addresses; in lower case. */
  readonly allowedHosts: readonly string[];
}

const HARMLESS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Refuses, with `PermissionError`, what changes state and does not come from a page or a program of ours. */
export function createChangeGuard(options: ChangeGuardOptions): MiddlewareHandler {
  return async (context, next) => {
    if (!HARMLESS.has(context.req.method)) {
      const host = context.req.header('host') ?? '';
      checkHost(host, options);
      checkOrigin(context.req.header('origin'), host);
    }
    await next();
  };
}

function checkHost(host: string, { allowedHosts }: ChangeGuardOptions): void {
  const name = host.toLowerCase().replace(/:\d+$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return;
  if (isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0 || allowedHosts.includes(name)) return;
  throw new PermissionError(
    `changes may not be asked for under the host name "${shorten(name)}"; --allowed-hosts lists those that are Clew's`,
  );
}

/**
 * Programs send no `Origin`; browsers always do with what changes state. The origins that may send spans are no help
 * here: `--cors-origins '*'` must not let every page delete traces.
 */
function checkOrigin(origin: string | undefined, host: string): void {
  if (origin === undefined || isSameHost(origin, host)) return;
  throw new PermissionError(`a page of ${shorten(origin)} may not change anything here`);
}

/** Only hosts are compared: behind a proxy that ends TLS the schemes differ. */
function isSameHost(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
