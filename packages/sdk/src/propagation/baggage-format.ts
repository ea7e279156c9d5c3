import { baggageEntryMetadataFromString, propagation } from '@opentelemetry/api';
import { formatBaggage, parseBaggage } from '@clew/protocol';
import type { BaggageEntry, Context } from '@opentelemetry/api';
import { isTracingSuppressed } from '../context/suppress-tracing.ts';
import { addBaggage } from './add-baggage.ts';
import { BAGGAGE_LEFT_OUT, baggageMembers } from './baggage-members.ts';
import type { HeaderFormat, HeaderWriter } from './header-format.ts';
import type { HeaderReader } from './header-reader.ts';

const BAGGAGE = 'baggage';

/**
 * W3C Baggage. Entries are added to those that the context has already; malformed ones are left out, and so is what is beyond 180
 * entries or 8192 bytes, in both directions.
 */
export class BaggageFormat implements HeaderFormat {
  inject(context: Context, headers: HeaderWriter): void {
    if (isTracingSuppressed(context)) return;
    const { members, leftOut } = baggageMembers(propagation.getBaggage(context));
    const header = formatBaggage(members);
    if (header !== '') headers.set(BAGGAGE, header);
    // A comma inside a member is percent-encoded.
    const written = header === '' ? 0 : header.split(',').length;
    if (leftOut > 0 || written < members.length) headers.tell(BAGGAGE_LEFT_OUT);
  }

  extract(context: Context, headers: HeaderReader): Context {
    const text = headers.joined(BAGGAGE);
    if (text === '') return context;
    const members = parseBaggage(text);
    if (members.length === 0) {
      headers.reject(BAGGAGE);
      return context;
    }
    return addBaggage(
      context,
      members.map(({ key, value, metadata }) => [key, toEntry(value, metadata)]),
    );
  }

  fields(): readonly string[] {
    return [BAGGAGE];
  }
}

function toEntry(value: string, metadata: string): BaggageEntry {
  return metadata === ''
    ? { value }
    : { value, metadata: baggageEntryMetadataFromString(metadata) };
}
