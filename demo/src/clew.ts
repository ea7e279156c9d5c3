import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ChildProcesses } from './child-processes.ts';
import type { DemoOptions } from './demo-options.ts';

/** The Clew that the shop is traced with. */
export interface ClewAddresses {
  /** `undefined` when there is none to look at. */
  readonly uiUrl: string | undefined;
  readonly otlpEndpoint: string;
  /** Whether it was started here, and so ends with the demo. */
  readonly isOurs: boolean;
}

const USUAL_UI = 'http://localhost:16686';
const USUAL_OTLP = 'http://localhost:4318';
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SERVER = fileURLToPath(new URL('../../packages/server/dist/main.js', import.meta.url));

/**
 * Uses the Clew that was named, or one that runs at the usual port, or starts one. Throws when the named one does not
 * answer.
 */
export async function findClew(
  options: DemoOptions,
  processes: ChildProcesses,
): Promise<ClewAddresses> {
  const otlpEndpoint = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? USUAL_OTLP;
  if (!options.withClew) return { uiUrl: undefined, otlpEndpoint, isOurs: false };
  const { clewUrl } = options;
  if (clewUrl !== undefined) {
    if (await isClew(clewUrl)) return { uiUrl: clewUrl, otlpEndpoint, isOurs: false };
    throw new Error(`no Clew answers at ${clewUrl}`);
  }
  // Whoever passes options to the server wants one of their own.
  if (options.serveArguments.length === 0 && (await isClew(USUAL_UI))) {
    console.log(`Clew runs already at ${USUAL_UI}: using it.`);
    return { uiUrl: USUAL_UI, otlpEndpoint, isOurs: false };
  }
  return startClew(options, processes);
}

async function startClew(options: DemoOptions, processes: ChildProcesses): Promise<ClewAddresses> {
  if (!existsSync(SERVER)) throw new Error('Clew is not built: run npm run build:serve');
  const [, listeners = ''] = await processes.start({
    name: 'clew',
    args: [SERVER, 'serve', ...options.serveArguments],
    env: { CLEW_LOG_LEVEL: process.env['CLEW_LOG_LEVEL'] ?? 'warn' },
    cwd: ROOT,
    ready: /^clew ready: (.*)$/,
  });
  const addresses = new Map(
    listeners.split(' · ').map((listener) => {
      const space = listener.lastIndexOf(' ');
      return [listener.slice(0, space), listener.slice(space + 1)] as const;
    }),
  );
  const otlpEndpoint = addresses.get('otlp http');
  if (otlpEndpoint === undefined) throw new Error('the shop needs the OTLP receiver over HTTP');
  return { uiUrl: addresses.get('ui'), otlpEndpoint, isOurs: true };
}

async function isClew(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/api/clew/services`, { signal: AbortSignal.timeout(2000) });
    const body: unknown = await response.json();
    return response.ok && typeof body === 'object' && body !== null && 'services' in body;
  } catch {
    return false; // Nobody there, or somebody who speaks another language.
  }
}
