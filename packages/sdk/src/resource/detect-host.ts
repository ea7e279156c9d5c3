import type { Attributes } from '@opentelemetry/api';
import type { ReadFile } from '../read-file.ts';
import { present } from './present.ts';

/** What Node says of the machine. */
export interface HostFacts {
  readonly hostname: string;
  /** `process.arch`. */
  readonly arch: string;
}

/** OpenTelemetry's names of processors, where Node has others. */
const ARCH_BY_NODE: Readonly<Record<string, string>> = {
  arm: 'arm32',
  ia32: 'x86',
  ppc: 'ppc32',
  x64: 'amd64',
};

const MACHINE_ID_FILES = ['/etc/machine-id', '/var/lib/dbus/machine-id', '/etc/hostid'];

/** The machine: its name, what identifies it, its processor. */
export function detectHost(facts: HostFacts, readFile: ReadFile): Attributes {
  let id: string | undefined;
  for (const path of MACHINE_ID_FILES) id ||= readFile(path)?.trim();
  return present({
    'host.name': facts.hostname,
    // A machine image that was never started has the word `uninitialized` there.
    'host.id': id === 'uninitialized' ? undefined : id,
    'host.arch': ARCH_BY_NODE[facts.arch] ?? facts.arch,
  });
}
