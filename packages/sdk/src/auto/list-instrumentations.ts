import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = '@opentelemetry/instrumentation-';

/**
 * The instrumentations that the `package.json` above a file depends on, the nearest that names dependencies, as far as `OTEL_NODE_ENABLED_INSTRUMENTATIONS` and
 * `OTEL_NODE_DISABLED_INSTRUMENTATIONS` let them: lists of names without what all have in front.
 */
export function listInstrumentations(file: string, env: Environment): readonly string[] {
  const enabled = readList(env['OTEL_NODE_ENABLED_INSTRUMENTATIONS']);
  const disabled = readList(env['OTEL_NODE_DISABLED_INSTRUMENTATIONS']);
  return dependenciesOf(file).filter((name) => {
    if (!name.startsWith(PREFIX)) return false;
    const short = name.slice(PREFIX.length);
    return (enabled.size === 0 || enabled.has(short)) && !disabled.has(short);
  });
}

function readList(text = ''): ReadonlySet<string> {
  return new Set(
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );
}

function dependenciesOf(file: string): readonly string[] {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = readManifest(join(folder, 'package.json'));
    const lists = [manifest?.['dependencies'], manifest?.['optionalDependencies']];
    const names = lists.flatMap((list) => (isRecord(list) ? Object.keys(list) : []));
    // One without is often there only to say which kind of modules is in a folder.
    if (names.length > 0) return names;
    if (folder === dirname(folder)) return [];
  }
}

function readManifest(path: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRecord(manifest) ? manifest : undefined;
  } catch {
    return undefined; // There is none here, or none that can be read.
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
