import { shorten } from '@clew/model';
import { diag } from '@opentelemetry/api';
import type { TextMapPropagator } from '@opentelemetry/api';
import { B3Propagator } from './b3-propagator.ts';
import { BaggagePropagator } from './baggage-propagator.ts';
import { CompositePropagator } from './composite-propagator.ts';
import { JaegerPropagator } from './jaeger-propagator.ts';
import { TraceContextPropagator } from './trace-context-propagator.ts';

/**
 * Makes the propagator that OpenTelemetry's names stand for (`tracecontext`, `baggage`, `b3`, `b3multi`, `jaeger`, `none`), in
 * their order for writing and reading, each once. Unknown names are told to `diag` in one warning and left out.
 */
export function createPropagator(names: readonly string[]): TextMapPropagator {
  const propagators: TextMapPropagator[] = [];
  const unknown: string[] = [];
  for (const name of new Set(names)) {
    const propagator = createByName(name);
    if (propagator !== undefined) propagators.push(propagator);
    else if (name !== 'none') unknown.push(name);
  }
  if (unknown.length > 0) {
    diag.warn(`clew: there is no propagator of this name: "${shorten(unknown.join('", "'))}"`);
  }
  return new CompositePropagator(propagators);
}

function createByName(name: string): TextMapPropagator | undefined {
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
      return undefined;
  }
}
