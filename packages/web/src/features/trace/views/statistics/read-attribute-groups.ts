import type { AttributeValueJson } from '@clew/api';
import { messages } from '../../../../messages/messages.ts';
import type { GroupBy } from '../../../../state/view-options.ts';
import { groupByValue } from '../../../../trace/groups/group-spans.ts';
import type { SpanGroups } from '../../../../trace/groups/group-spans.ts';
import type { TraceView } from '../../../../trace/trace-view.ts';
import { plainText } from '../../../../attributes/attribute-value.ts';
import type { TraceClient } from '../../trace-client.ts';

export interface AttributeGroupOptions {
  readonly attribute: Exclude<GroupBy, string>;
  readonly signal: AbortSignal;
}

/** The spans by the value of an attribute, which the server reads of all of them. */
export async function readAttributeGroups(
  client: Pick<TraceClient, 'readTraceAttribute'>,
  { traceId, spanCount }: Pick<TraceView, 'traceId' | 'spanCount'>,
  { attribute, signal }: AttributeGroupOptions,
): Promise<SpanGroups> {
  const answer = await client.readTraceAttribute(traceId, attribute, { signal });
  // Spans are told apart by their order: those that came meanwhile have moved the others.
  if (answer.valueIndexes.length !== spanCount) throw new Error(messages.trace.statistics.changed);
  return groupByValue(nameValues(answer.values), Int32Array.from(answer.valueIndexes));
}

/** Values of different types may read the same: those say which is which. */
function nameValues(values: readonly AttributeValueJson[]): readonly string[] {
  const texts = values.map(plainText);
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const text of texts) (seen.has(text) ? twice : seen).add(text);
  return texts.map((text, at) => (twice.has(text) ? `${text} (${values[at]?.type ?? ''})` : text));
}
