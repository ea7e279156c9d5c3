import { parseDuration } from '@clew/api';
import { formatDurationShort } from '../../../base/format.ts';
import { messages } from '../../../messages/messages.ts';
import type { ConditionFieldValues } from './fields.ts';

const text = messages.search.form;

/** What the fields ask, in words. */
export function describeFields(fields: ConditionFieldValues): string {
  const { service, spanName, attributes, status, minDuration, maxDuration } = fields;
  const parts = [
    service === '' ? '' : text.means.service(service),
    spanName === '' ? '' : text.means.spanName(spanName),
    attributes.trim(),
    status === 'any' ? '' : text.means.status(text.statuses[status].toLowerCase()),
    describeBound(minDuration, text.means.atLeast, text.means.moreThan),
    describeBound(maxDuration, text.means.atMost, text.means.lessThan),
  ].filter((part) => part !== '');
  return parts.length === 0 ? text.everything : parts.join(' · ');
}

function describeBound(
  bound: string,
  inclusive: (duration: string) => string,
  exclusive: (duration: string) => string,
): string {
  if (bound === '') return '';
  const nanos = parseDuration(bound.replace(/^[<>]/, ''));
  const duration = nanos === undefined ? bound : formatDurationShort(nanos);
  return /^[<>]/.test(bound) ? exclusive(duration) : inclusive(duration);
}
