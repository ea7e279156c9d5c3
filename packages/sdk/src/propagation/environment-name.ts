/**
 * The environment variable for a header, as OpenTelemetry's specification makes it: upper-case, and an underscore for whatever is
 * neither letter nor digit. `traceparent` is `TRACEPARENT`, `uber-trace-id` is `UBER_TRACE_ID`.
 */
export function environmentName(header: string): string {
  const name = header.toUpperCase().replaceAll(/[^A-Z0-9_]/g, '_');
  return /^[0-9]/.test(name) ? `_${name}` : name;
}
