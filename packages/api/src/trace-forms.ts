import { API_ROOT } from './route.ts';
import { TRACE_MEDIA_TYPES, readTrace } from './routes.ts';

/** Text that the server writes a whole trace as: its own JSON, or what other tools open. */
export type TraceForm = 'json' | 'otlpJson' | 'jaegerJson' | 'zipkinJson';

/** Where each form is asked for, below the server's own path; `{traceId}` stands for the trace. */
export const TRACE_FORMS: Readonly<
  Record<TraceForm, { readonly path: string; readonly accept: string }>
> = {
  json: { path: `${API_ROOT}${readTrace.path}`, accept: 'application/json' },
  otlpJson: { path: `${API_ROOT}${readTrace.path}`, accept: TRACE_MEDIA_TYPES.otlpJson },
  jaegerJson: { path: '/api/traces/{traceId}', accept: 'application/json' },
  zipkinJson: { path: '/zipkin/api/v2/trace/{traceId}', accept: 'application/json' },
};
