import { parseDuration } from '@clew/api';
import type { ReactNode } from 'react';
import { formatDurationShort } from '../../../base/format.ts';
import { messages } from '../../../messages/messages.ts';
import { fieldsOfQuery, queryOfFields } from './search-draft.ts';
import type { ConditionFieldValues, SearchDraft } from './search-draft.ts';

const text = messages.search.form;

/** What is asked, in the other way to ask it: whoever uses the fields learns TraceQL, and the other way round. */
export function QueryMeaning({ draft }: { readonly draft: SearchDraft }): ReactNode {
  if (draft.mode === 'fields') {
    const query = queryOfFields(draft);
    if (query === undefined) return undefined;
    return (
      <p className="search-form-meaning">
        {text.meansAsQuery} <code title={query}>{query}</code>
      </p>
    );
  }
  const fields = fieldsOfQuery(draft.q);
  const meaning = fields === undefined ? text.onlyAsQuery : describeFields(fields);
  return (
    <p className="search-form-meaning">
      {text.meansAsFields} <span title={meaning}>{meaning}</span>
    </p>
  );
}

function describeFields(fields: ConditionFieldValues): string {
  const { service, spanName, attributes, status, minDuration, maxDuration } = fields;
  const duration = (value: string) => formatDurationShort(parseDuration(value) ?? 0n);
  const parts = [
    service === '' ? '' : text.means.service(service),
    spanName === '' ? '' : text.means.spanName(spanName),
    attributes,
    status === 'any' ? '' : text.means.status(text.statuses[status].toLowerCase()),
    minDuration === '' ? '' : text.means.atLeast(duration(minDuration)),
    maxDuration === '' ? '' : text.means.atMost(duration(maxDuration)),
  ].filter((part) => part !== '');
  return parts.length === 0 ? text.everything : parts.join(' · ');
}
