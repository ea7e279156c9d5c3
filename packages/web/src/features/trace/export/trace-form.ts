import type { TraceForm } from '@clew/api';
import type { JsonForm } from '../../../state/view-options.ts';

/** In the order of the menu. */
export const TRACE_FORMS = [
  'json',
  'otlpJson',
  'jaegerJson',
  'zipkinJson',
] as const satisfies readonly TraceForm[];

/** What stands in the name of a file between the trace's id and `.json`. */
const INFIXES: Readonly<Record<TraceForm, string>> = {
  json: '',
  otlpJson: '.otlp',
  jaegerJson: '.jaeger',
  zipkinJson: '.zipkin',
};

export function nameTraceFile(traceId: string, form: TraceForm): string {
  return `trace-${traceId}${INFIXES[form]}.json`;
}

/** The form that the view of the JSON shows. */
export function toTraceForm(form: JsonForm): TraceForm {
  return form === 'otlp' ? 'otlpJson' : 'json';
}
