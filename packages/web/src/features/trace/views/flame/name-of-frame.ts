import { messages } from '../../../../messages/messages.ts';
import type { CallPaths } from '../../../../trace/flame/merge-call-paths.ts';

export function nameOfFrame({ labels, operations }: CallPaths, frame: number): string {
  const text = labels[operations[frame] ?? 0]?.text;
  return text === undefined || text === '' ? messages.trace.noName : text;
}

export function serviceOfFrame({ labels, operations }: CallPaths, frame: number): string {
  return labels[operations[frame] ?? 0]?.service ?? '';
}
