/** A link to no trace at all leads nowhere. */
import type { Link } from '@clew/model';
import { withWarning } from './adjusted-span.ts';
import type { AdjustedSpan } from './adjusted-span.ts';

export function removeEmptyLinks(spans: readonly AdjustedSpan[]): readonly AdjustedSpan[] {
  return spans.map((adjusted) => {
    const { span } = adjusted;
    const links = span.links.filter(leadsSomewhere);
    if (links.length === span.links.length) return adjusted;
    const warned = span.links
      .filter((link) => !leadsSomewhere(link))
      .reduce((each) => withWarning(each, 'Invalid span link removed'), adjusted);
    return { ...warned, span: { ...span, links } };
  });
}

function leadsSomewhere({ traceId }: Link): boolean {
  return !/^0*$/.test(traceId);
}
