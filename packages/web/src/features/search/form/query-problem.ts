import { QuerySyntaxError } from '@clew/model';
import { checkQuery, parseQuery, searchOfMetrics, suggestQuery } from '@clew/traceql';

import { messages } from '../../../messages/messages.ts';

export interface QueryProblem {
  readonly message: string;
  /** In characters from the start of the text. */
  readonly position: number;
  /** A query that was probably meant; undefined where there is no guess. */
  readonly suggestion: string | undefined;
  /** It can be read, and finds no traces. */
  readonly isMetrics: boolean;
}

/** What keeps a text from being a search in TraceQL; undefined where it is one. */
export function findQueryProblem(text: string): QueryProblem | undefined {
  try {
    const query = parseQuery(text);
    checkQuery(query, text);
    if (query.kind === 'search') return undefined;
    return {
      message: messages.search.form.errors.metrics,
      position: 0,
      suggestion: searchOfMetrics(query, text),
      isMetrics: true,
    };
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error;
    const { message, position } = error;
    const suggestion = suggestQuery(text);
    return { message: message.replace(/ at \d+$/, ''), position, suggestion, isMetrics: false };
  }
}
