import { unreachable } from '@clew/model';
import type { TextMapPropagator } from '@opentelemetry/api';
import type { PropagatorName } from '../config/propagator-config.ts';
import { B3Format } from './b3-format.ts';
import { BaggageFormat } from './baggage-format.ts';
import { FormatsPropagator } from './formats-propagator.ts';
import type { HeaderFormat } from './header-format.ts';
import { JaegerFormat } from './jaeger-format.ts';
import { TraceContextFormat } from './trace-context-format.ts';

/** All of the named formats, in their order. */
export function createPropagator(names: readonly PropagatorName[]): TextMapPropagator {
  return new FormatsPropagator(new Map(names.map((name) => [name, createFormat(name)])));
}

function createFormat(name: PropagatorName): HeaderFormat {
  switch (name) {
    case 'tracecontext':
      return new TraceContextFormat();
    case 'baggage':
      return new BaggageFormat();
    case 'b3':
      return new B3Format('single');
    case 'b3multi':
      return new B3Format('multi');
    case 'jaeger':
      return new JaegerFormat();
    default:
      return unreachable(name);
  }
}
