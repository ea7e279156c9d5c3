import { createContextKey } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';

/** Something that is over when all that was begun in its context is: what a click set off. */
export interface Work {
  begin(): void;
  finish(): void;
}

const WORK = createContextKey('clew: work');

/** A context in which what is begun is part of this work. */
export function setWork(context: Context, work: Work): Context {
  return context.setValue(WORK, work);
}

export function getWork(context: Context): Work | undefined {
  return context.getValue(WORK) as Work | undefined;
}
