import { visibleText } from '../../../base/visible-text.ts';
import { messages } from '../../../messages/messages.ts';
import type { ColorGroup } from '../../../trace/color-spans.ts';

/** What the spans of a colour have in common, in words. */
export function nameColorGroup({ label }: Pick<ColorGroup, 'label'>): string {
  if (label === undefined) return messages.trace.attributeChoice.without;
  return label === '' ? messages.trace.noName : visibleText(label);
}
