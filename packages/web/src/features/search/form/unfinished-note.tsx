import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import { readConditionText } from './condition-text.ts';

/** Says which conditions wait for their value, and ask nothing until then. */
export function UnfinishedNote({ attributes }: { readonly attributes: string }): ReactNode {
  const read = readConditionText(attributes);
  if (read.error !== undefined || read.unfinished.length === 0) return undefined;
  return (
    <p className="search-form-unfinished" role="status">
      {messages.search.form.unfinished(read.unfinished.join(' '))}
    </p>
  );
}
