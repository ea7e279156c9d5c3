/**
 * Who may import whom. Everything that is not listed is refused.
 *
 * `from` and `to` are path prefixes in the repository; a file falls under the longest `from` that fits it. `npm:` names
 * packages, `node:` is every Node module. A folder may always import itself.
 */
export interface ImportRule {
  readonly from: string;
  readonly to: readonly string[];
}

const MODEL = 'packages/model/src/index.ts';
const PROTOCOL = 'packages/protocol/src/index.ts';
const TRACEQL = 'packages/traceql/src/index.ts';
const API = 'packages/api/src/index.ts';
const SDK = 'packages/sdk/src/index.ts';

const STORAGE_PORT = 'packages/server/src/storage/span-store.ts';
const SPAN_SINK = 'packages/server/src/pipeline/span-sink.ts';
const TELEMETRY = 'packages/server/src/telemetry/';

export const IMPORT_RULES: readonly ImportRule[] = [
  { from: 'packages/model/src/', to: [] },
  { from: 'packages/protocol/src/', to: [MODEL] },
  { from: 'packages/traceql/src/', to: [MODEL, 'npm:re2js'] },
  { from: 'packages/api/src/', to: [MODEL, 'npm:zod'] },
  {
    from: 'packages/sdk/src/opentracing/',
    to: ['packages/sdk/src/', MODEL, 'npm:@opentelemetry/api', 'npm:opentracing', 'node:'],
  },
  { from: 'packages/sdk/src/browser/', to: ['packages/sdk/src/', 'npm:@opentelemetry/api'] },
  { from: 'packages/sdk/src/', to: [MODEL, PROTOCOL, 'npm:@opentelemetry/api', 'node:'] },
  {
    from: 'packages/sdk/src/opentracing/',
    to: [MODEL, 'packages/sdk/src/', 'npm:@opentelemetry/api', 'npm:opentracing'],
  },

  // Inside the server, a ladder: telemetry and config at the bottom, main.ts and cli/ on top.
  { from: 'packages/server/src/telemetry/', to: [MODEL, 'npm:prom-client', 'node:'] },
  { from: 'packages/server/src/config', to: [MODEL, 'npm:yaml', 'node:'] },
  {
    from: 'packages/server/src/storage/',
    to: [MODEL, PROTOCOL, TRACEQL, TELEMETRY, 'npm:chdb', 'npm:@clickhouse/client', 'node:'],
  },
  { from: 'packages/server/src/pipeline/', to: [MODEL, STORAGE_PORT, TELEMETRY] },
  {
    from: 'packages/server/src/receiver/',
    to: [MODEL, PROTOCOL, SPAN_SINK, TELEMETRY, 'node:'],
  },
  { from: 'packages/server/src/query/', to: [MODEL, TRACEQL, STORAGE_PORT] },
  {
    from: 'packages/server/src/http/',
    to: [
      MODEL,
      PROTOCOL,
      TRACEQL,
      API,
      'packages/server/src/query/',
      'packages/server/src/receiver/',
      TELEMETRY,
      'npm:hono',
      'npm:@hono/node-server',
      'npm:@prometheus-io/lezer-promql',
      'npm:zod',
      'node:',
    ],
  },
  {
    from: 'packages/server/src/cli/',
    to: [
      MODEL,
      PROTOCOL,
      TRACEQL,
      API,
      'packages/server/src/',
      'npm:commander',
      'npm:cli-progress',
      'node:',
    ],
  },
  { from: 'packages/server/src/main.ts', to: [MODEL, 'packages/server/src/', 'node:'] },

  // Inside the screen: pure steps first, React last.
  { from: 'packages/web/src/base/', to: [] },
  { from: 'packages/web/src/trace/', to: [MODEL, 'packages/web/src/base/'] },
  {
    from: 'packages/web/src/state/',
    to: [MODEL, 'packages/web/src/base/', 'packages/web/src/trace/', 'npm:zod'],
  },
  { from: 'packages/web/src/canvas/', to: ['packages/web/src/base/', 'packages/web/src/trace/'] },
  { from: 'packages/web/src/messages/', to: ['packages/web/src/base/'] },
  { from: 'packages/web/src/attributes/', to: [MODEL, API] },
  {
    from: 'packages/web/src/ui/',
    to: ['packages/web/src/base/', 'packages/web/src/messages/', 'npm:react', 'npm:@ariakit/react'],
  },
  {
    from: 'packages/web/src/features/',
    to: [
      MODEL,
      TRACEQL,
      API,
      'packages/web/src/base/',
      'packages/web/src/attributes/',
      'packages/web/src/trace/',
      'packages/web/src/state/',
      'packages/web/src/canvas/',
      'packages/web/src/messages/',
      'packages/web/src/ui/',
      'npm:react',
      'npm:react-dom',
      'npm:@tanstack/',
      'npm:@dagrejs/dagre',
      'npm:uplot',
      'npm:zod',
    ],
  },
  {
    // A trace from a file is written as OTLP without a server.
    from: 'packages/web/src/features/trace/opened-trace-client.ts',
    to: [MODEL, PROTOCOL, API, 'packages/web/src/messages/'],
  },
  {
    // Files are opened without a server.
    from: 'packages/web/src/features/search/files/',
    to: [
      MODEL,
      PROTOCOL,
      API,
      'packages/web/src/base/',
      'packages/web/src/state/',
      'packages/web/src/messages/',
      'packages/web/src/ui/',
      'packages/web/src/features/search/',
      'npm:react',
    ],
  },
  {
    from: 'packages/web/src/app/',
    to: [
      MODEL,
      API,
      'packages/web/src/',
      'npm:react',
      'npm:react-dom',
      'npm:@ariakit/react',
      'npm:@tanstack/',
      'npm:zod',
    ],
  },

  // What the tests of the screen share: made-up traces, a canvas that records, a page with all that the application gives to one.
  {
    from: 'packages/web/src/testing/',
    to: [
      MODEL,
      API,
      'packages/web/src/base/',
      'packages/web/src/trace/',
      'packages/web/src/canvas/',
      'packages/web/src/ui/',
    ],
  },

  // A shop would not look inside its tracer.
  { from: 'demo/src/', to: [SDK, 'npm:', 'node:'] },
  // Its tests look at what came out of the shop, with the sink that the library's own tests use.
  { from: 'demo/src/testing/', to: ['demo/src/', 'npm:', MODEL, 'packages/sdk/src/testing/'] },
  { from: 'bench/src/', to: ['packages/', 'demo/', 'e2e/', 'scripts/', 'npm:', 'node:'] },
  { from: 'e2e/', to: ['packages/', 'demo/', 'bench/', 'scripts/', 'npm:', 'node:'] },
];

/** Tests may also use the test tools, Node, what a real sender would, and what they share with other tests. */
export const TEST_EXTRA: readonly string[] = ['npm:', 'node:', 'packages/web/src/testing/'];

/** Inside `packages/web/src/features/` no feature imports another. */
export const SEPARATE_CHILDREN: readonly string[] = ['packages/web/src/features/'];
