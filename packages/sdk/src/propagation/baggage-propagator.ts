import { baggageEntryMetadataFromString, propagation } from '@opentelemetry/api';
import { formatBaggage, parseBaggage } from '@clew/protocol';
import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
import { isTracingSuppressed } from '../context/suppress-tracing.ts';
import { baggageMembers } from './baggage-members.ts';

const BAGGAGE = 'baggage';

/** W3C Baggage. Entries are added to those that the context has already; malformed ones are left out. */
export class BaggagePropagator implements TextMapPropagator {
  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    if (isTracingSuppressed(context)) return;
    const header = formatBaggage(baggageMembers(context));
    if (header !== '') setter.set(carrier, BAGGAGE, header);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const header = getter.get(carrier, BAGGAGE);
    const members = parseBaggage(Array.isArray(header) ? header.join(',') : (header ?? ''));
    if (members.length === 0) return context;
    let baggage = propagation.getBaggage(context) ?? propagation.createBaggage();
    for (const { key, value, metadata } of members) {
      baggage = baggage.setEntry(
        key,
        metadata === '' ? { value } : { value, metadata: baggageEntryMetadataFromString(metadata) },
      );
    }
    return propagation.setBaggage(context, baggage);
  }

  fields(): string[] {
    return [BAGGAGE];
  }
}
