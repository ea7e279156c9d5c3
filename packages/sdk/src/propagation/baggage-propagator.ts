import { baggageEntryMetadataFromString, propagation } from '@opentelemetry/api';
import { formatBaggage, parseBaggage } from '@clew/protocol';
import type {
  BaggageEntry,
  Context,
  TextMapGetter,
  TextMapPropagator,
  TextMapSetter,
} from '@opentelemetry/api';
import { isTracingSuppressed } from '../context/suppress-tracing.ts';

const BAGGAGE = 'baggage';

/** W3C Baggage. */
export class BaggagePropagator implements TextMapPropagator {
  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const baggage = propagation.getBaggage(context);
    if (baggage === undefined || isTracingSuppressed(context)) return;
    const members = baggage.getAllEntries().map(([key, { value, metadata }]) => ({
      key,
      value,
      metadata: metadata?.toString() ?? '',
    }));
    const header = formatBaggage(members);
    if (header !== '') setter.set(carrier, BAGGAGE, header);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const header = getter.get(carrier, BAGGAGE);
    const text = Array.isArray(header) ? header.join(',') : header;
    if (typeof text !== 'string') return context;
    const entries: Record<string, BaggageEntry> = {};
    for (const { key, value, metadata } of parseBaggage(text)) {
      entries[key] =
        metadata === '' ? { value } : { value, metadata: baggageEntryMetadataFromString(metadata) };
    }
    if (Object.keys(entries).length === 0) return context;
    return propagation.setBaggage(context, propagation.createBaggage(entries));
  }

  fields(): string[] {
    return [BAGGAGE];
  }
}
