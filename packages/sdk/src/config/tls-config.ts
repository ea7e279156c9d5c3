import type { TlsFiles } from '../export/exporter-options.ts';
import type { ReadFile } from '../read-file.ts';
import type { Environment } from './environment.ts';

/** What the program says, and what the files hold that the environment names. */
export function resolveTls(options: TlsFiles = {}, env: Environment, readFile: ReadFile): TlsFiles {
  const read = (name: string): string | undefined =>
    env.first([`OTEL_EXPORTER_OTLP_TRACES_${name}`, `OTEL_EXPORTER_OTLP_${name}`], (variable) =>
      readPem(variable, env, readFile),
    );
  const ca = options.ca ?? read('CERTIFICATE');
  const cert = options.cert ?? read('CLIENT_CERTIFICATE');
  const key = options.key ?? read('CLIENT_KEY');
  if (cert !== undefined && key !== undefined)
    return { ...(ca !== undefined && { ca }), cert, key };
  if (cert !== undefined || key !== undefined) {
    const [here, missing] = cert === undefined ? ['KEY', 'CERTIFICATE'] : ['CERTIFICATE', 'KEY'];
    env.refuse(`OTEL_EXPORTER_OTLP_CLIENT_${here}`, 'is of no use without', `CLIENT_${missing}`);
  }
  return ca === undefined ? {} : { ca };
}

function readPem(variable: string, env: Environment, readFile: ReadFile): string | undefined {
  const path = env.text(variable);
  if (path === undefined) return undefined;
  const text = readFile(path);
  if (text === undefined) return env.refuse(variable, 'names a file that cannot be read', path);
  if (text.includes('-----BEGIN')) return text;
  return env.refuse(variable, 'names a file that is not PEM', path);
}
