import { unreachable } from '@clew/model';
import type { TextMapPropagator } from '@opentelemetry/api';
import type { PropagatorName } from '../config/propagator-config.ts';
import { B3Propagator } from './b3-propagator.ts';
import { BaggagePropagator } from './baggage-propagator.ts';
import { JaegerPropagator } from './jaeger-propagator.ts';
import { TraceContextPropagator } from './trace-context-propagator.ts';

/**
 * All of the named, in their order. Each writes its headers; each reads them on top of what those before it found, and where
 * several find a parent, that of the last counts: the most trusted one stands last. One that finds none, or a malformed one,
 * leaves what the others have found.
 */
export function createPropagator(names: readonly PropagatorName[]): TextMapPropagator {
  const propagators = names.map(createNamed);
  return {
    inject: (context, carrier, setter) => {
      for (const propagator of propagators) propagator.inject(context, carrier, setter);
    },
    extract: (context, carrier, getter) =>
      propagators.reduce(
        (extracted, propagator) => propagator.extract(extracted, carrier, getter),
        context,
      ),
    fields: () => [...new Set(propagators.flatMap((propagator) => propagator.fields()))],
  };
}

function createNamed(name: PropagatorName): TextMapPropagator {
  switch (name) {
    case 'tracecontext':
      return new TraceContextPropagator();
    case 'baggage':
      return new BaggagePropagator();
    case 'b3':
      return new B3Propagator('single');
    case 'b3multi':
      return new B3Propagator('multi');
    case 'jaeger':
      return new JaegerPropagator();
    default:
      return unreachable(name);
  }
}
