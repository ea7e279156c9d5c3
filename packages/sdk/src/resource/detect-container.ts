import type { Attributes } from '@opentelemetry/api';
import type { ReadFile } from '../read-file.ts';
import { present } from './present.ts';

/**
 * The container that the process runs in. With version 1 of Linux's control groups its id is in the group's path; with version 2 the
 * path tells nothing, but the runtime mounts files of the container's own directory.
 */
export function detectContainer(readFile: ReadFile): Attributes {
  const mounts = parseMounts(readFile('/proc/self/mountinfo') ?? '');
  const id = findInGroups(readFile('/proc/self/cgroup') ?? '') ?? findInMounts(mounts);
  return present({ 'container.id': id });
}

/**
 * The last part of a group's path: 64 digits, perhaps between the runtime's name and `.scope`, or as Amazon's Fargate has them, 32
 * digits and a number.
 */
const ID_IN_GROUP = /(?:^|[-:])([0-9a-f]{64}|[0-9a-f]{32}-\d{6,})(?:\.scope)?$/;

/** What a runtime mounts into each container. */
const MOUNTED_FILES: ReadonlySet<string> = new Set([
  '/etc/hostname',
  '/etc/hosts',
  '/etc/resolv.conf',
]);

/** Docker and Podman. Those of containerd's `sandboxes` are the pod's, and say nothing of the container. */
const ID_IN_MOUNT = /containers\/([0-9a-f]{64})\//;

function findInGroups(text: string): string | undefined {
  for (const line of text.split('\n')) {
    const path = line.split(':').slice(2).join(':').trim();
    const [, id] = ID_IN_GROUP.exec(path.slice(path.lastIndexOf('/') + 1)) ?? [];
    if (id !== undefined) return id;
  }
  return undefined;
}

function findInMounts(mounts: readonly Mount[]): string | undefined {
  for (const { root, target } of mounts) {
    // A host sees its containers' directories too, but not in these places.
    const [, id] = (MOUNTED_FILES.has(target) && ID_IN_MOUNT.exec(root)) || [];
    if (id !== undefined) return id;
  }
  return undefined;
}

interface Mount {
  /** What of its file system is mounted. */
  readonly root: string;
  readonly target: string;
}

/** Fields between blanks, of which the fourth and the fifth are root and target (proc_pid_mountinfo(5)). */
function parseMounts(text: string): readonly Mount[] {
  return text.split('\n').map((line) => {
    const [, , , root = '', target = ''] = line.split(' ');
    return { root, target };
  });
}
