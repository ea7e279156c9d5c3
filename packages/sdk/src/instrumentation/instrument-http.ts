import { instrumentFetch } from './fetch.ts';
import { instrumentHttpClient } from './http-client.ts';
import { instrumentHttpServer } from './http-server.ts';

/** This library's own tracing of HTTP, until somebody else does the same. */
export interface HttpInstrumentation {
  /** Is told who asks for a tracer: what one of OpenTelemetry's instrumentations traces is not traced here as well. */
  yieldTo(scopeName: string): void;
  stop(): void;
}

/** Which of ours are off once the instrumentation of that name is there. */
const RIVALS: ReadonlyMap<string, 'http' | 'fetch'> = new Map([
  ['@opentelemetry/instrumentation-http', 'http'],
  ['@opentelemetry/instrumentation-undici', 'fetch'],
  ['@opentelemetry/instrumentation-fetch', 'fetch'],
]);

/** Traces what is served and asked over `node:http`, `node:https` and `fetch` in this process. */
export function instrumentHttp(): HttpInstrumentation {
  const isOn = { http: true, fetch: true };
  const undo = [
    instrumentHttpServer(() => isOn.http),
    instrumentHttpClient(() => isOn.http),
    instrumentFetch(() => isOn.fetch),
  ];
  return {
    yieldTo: (scopeName) => {
      const ours = RIVALS.get(scopeName);
      if (ours !== undefined) isOn[ours] = false;
    },
    // What others have wrapped meanwhile stays in place, and does nothing any more.
    stop: () => {
      isOn.http = false;
      isOn.fetch = false;
      for (const step of undo.splice(0)) step();
    },
  };
}
