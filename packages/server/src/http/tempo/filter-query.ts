import { QuerySyntaxError } from '@clew/model';
import { readCompleteConditions } from '@clew/traceql';
import type { SearchQuery } from '@clew/traceql';
import { readSearch } from '../../query/read-search.ts';

/**
 * The search that narrows down tags and their values. It comes from an editor, half typed: where it is no search, what is whole of it
 * counts. Undefined where it asks for nothing.
 */
export function readFilterQuery(text: string | undefined): SearchQuery | undefined {
  if (text === undefined) return undefined;
  const search = readIfWhole(text) ?? readCompleteConditions(text);
  const [first, ...others] = search?.pipeline.stages ?? [];
  const isAnything = first?.kind === 'filter' && first.condition === undefined;
  return isAnything && others.length === 0 ? undefined : search;
}

function readIfWhole(text: string): SearchQuery | undefined {
  try {
    return readSearch(text);
  } catch (error) {
    if (error instanceof QuerySyntaxError) return undefined;
    throw error;
  }
}
