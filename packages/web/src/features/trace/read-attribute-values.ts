import type { AttributeValueJson } from '@clew/api';
import { plainText } from '../../attributes/attribute-value.ts';
import { messages } from '../../messages/messages.ts';
import type { AttributeValues, SpanAttribute } from '../../trace/span-attribute.ts';
import type { TraceView } from '../../trace/trace-view.ts';
import type { TraceClient } from './trace-client.ts';

export interface ReadOptions {
  readonly attribute: SpanAttribute;
  readonly signal: AbortSignal;
}

/** The value of an attribute on each span, which the columns do not know and the server reads of all of them. */
export async function readAttributeValues(
  client: Pick<TraceClient, 'readTraceAttribute'>,
  { traceId, spanCount, clock }: Pick<TraceView, 'traceId' | 'spanCount' | 'clock'>,
  { attribute, signal }: ReadOptions,
): Promise<AttributeValues> {
  const answer = await client.readTraceAttribute(traceId, attribute, { signal });
  // Spans are told apart by their order: those that came meanwhile have moved the others.
  if (answer.valueIndexes.length !== spanCount) throw new Error(messages.trace.statistics.changed);
  const sent = Int32Array.from(answer.valueIndexes);
  const order = clock?.sentIndexes;
  const indexes = order === undefined ? sent : Int32Array.from(order, (from) => sent[from] ?? -1);
  return { texts: nameValues(answer.values), indexes };
}

/** Values of different types may read the same: those say which is which. */
function nameValues(values: readonly AttributeValueJson[]): readonly string[] {
  const texts = values.map(plainText);
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const text of texts) (seen.has(text) ? twice : seen).add(text);
  return texts.map((text, at) => (twice.has(text) ? `${text} (${values[at]?.type ?? ''})` : text));
}
