/** What questions of the query benchmark are made of. */
import type { Span } from '@clew/model';

export interface Question {
  /** On the UI's port. */
  readonly path: string;
  /** Whether the answer can be right. */
  readonly isRight: (answer: Answer) => boolean;
}

export interface Answer {
  readonly status: number;
  readonly json: unknown;
}

/** A kind of question: each asked of another trace, service or value. */
export interface QuestionKind {
  readonly name: string;
  readonly questions: readonly Question[];
}

/** Milliseconds since 1970. */
export type Time = Readonly<Record<'start' | 'end', number>>;

export type Trace = readonly [Span, ...Span[]];

/** Of a list. */
export const PAGE = 20;

export function serviceOf({ resource }: Span): string {
  return resource.service;
}

export function readItems(json: unknown, member: string): readonly unknown[] {
  return (json as Readonly<Record<string, readonly unknown[] | undefined>>)[member] ?? [];
}
