import { isolatedText } from '../../../../base/visible-text.ts';
import { messages } from '../../../../messages/messages.ts';
import type { GroupLabel } from '../../../../trace/groups/group-spans.ts';

/** What the spans of a group have in common, in a few words. */
export function describeLabel({ service, text }: GroupLabel): string {
  const name = text === '' ? messages.trace.noName : text && isolatedText(text);
  if (service === undefined) return name ?? messages.trace.attributeChoice.without;
  return name === undefined ? isolatedText(service) : `${isolatedText(service)} ${name}`;
}
