import type { Attributes } from '@opentelemetry/api';
import type { ReadFile } from '../read-file.ts';
import { present } from './present.ts';

/** What Node says of the operating system. */
export interface OsFacts {
  /** `process.platform`. */
  readonly platform: string;
  /** Of the kernel: `Linux`, `6.1.0`. */
  readonly type: string;
  readonly release: string;
}

/** OpenTelemetry's names of systems, where Node has others. */
const TYPE_BY_PLATFORM: Readonly<Record<string, string>> = { sunos: 'solaris', win32: 'windows' };

/** The operating system; of Linux the distribution, of others the kernel. */
export function detectOs(facts: OsFacts, readFile: ReadFile): Attributes {
  const distribution =
    facts.platform === 'linux' ? parseOsRelease(readFile('/etc/os-release') ?? '') : undefined;
  const kernel = `${facts.type} ${facts.release}`;
  const name = distribution?.get('PRETTY_NAME');
  return present({
    'os.type': TYPE_BY_PLATFORM[facts.platform] ?? facts.platform,
    'os.name': distribution?.get('NAME') ?? facts.type,
    'os.version': distribution?.get('VERSION_ID') ?? facts.release,
    'os.description': name === undefined ? kernel : `${name} (${kernel})`,
  });
}

/** Lines of `KEY=value` or `KEY="value"` (os-release(5)). */
function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, key = '', value = ''] = /^([A-Z_]+)=["']?(.*?)["']?\s*$/.exec(line) ?? [];
    if (key !== '' && value !== '') values.set(key, value);
  }
  return values;
}
