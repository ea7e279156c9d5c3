import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { ClientRequest } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ClewCommand, parseReadyLine } from './testing/clew-command.ts';

const FREE_PORTS = [
  'http',
  'otlp-grpc',
  'otlp-http',
  'jaeger-grpc',
  'jaeger-http',
  'jaeger-udp-compact',
  'jaeger-udp-binary',
  'jaeger-query-grpc',
  'zipkin',
  'tempo',
  'health',
  'metrics',
].flatMap((name) => [`--${name}-port`, '0']);

let dataDir: string;
let commands: ClewCommand[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'clew-serve-'));
  commands = [];
});

afterEach(async () => {
  for (const command of commands) command.kill('SIGKILL');
  await Promise.all(commands.map(({ finished }) => finished));
  rmSync(dataDir, { recursive: true, force: true });
});

function serve(...flags: readonly string[]): ClewCommand {
  const command = new ClewCommand(['serve', '--data-dir', dataDir, ...FREE_PORTS, ...flags]);
  commands.push(command);
  return command;
}

async function serveReady(...flags: readonly string[]) {
  const command = serve(...flags);
  return { command, addresses: parseReadyLine(await command.ready()) };
}

function otlpJson(spanNumber: number, startMs = Date.now()): string {
  const id = spanNumber.toString(16);
  return JSON.stringify({
    resourceSpans: [
      {
        resource: {
          attributes: [{ key: 'service.name', value: { stringValue: 'order-service' } }],
        },
        scopeSpans: [
          {
            spans: [
              {
                traceId: id.padStart(32, 'a'),
                spanId: id.padStart(16, 'b'),
                name: 'create-order',
                kind: 2,
                startTimeUnixNano: `${startMs}000000`,
                endTimeUnixNano: `${startMs + 5}000000`,
              },
            ],
          },
        ],
      },
    ],
  });
}

async function sendSpan(
  addresses: Readonly<Record<string, string>>,
  spanNumber: number,
): Promise<number> {
  const { status } = await fetch(`${addresses['otlp http']}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: otlpJson(spanNumber),
  });
  return status;
}

interface FoundTrace {
  readonly traceId: string;
}

async function findTraces(ui: string | undefined): Promise<readonly FoundTrace[]> {
  const response = await fetch(`${ui}/api/clew/search?service=order-service`);
  return ((await response.json()) as { readonly traces: readonly FoundTrace[] }).traces;
}

describe('clew serve', () => {
  test('takes a span on one port and shows it on another within two seconds', async () => {
    const { addresses } = await serveReady('--base-path', '/tracing');
    expect(addresses['ui']).toMatch(/^http:\/\/localhost:\d+\/tracing$/);
    expect(await sendSpan(addresses, 1)).toBe(200);
    const sentMs = Date.now();
    let found = await findTraces(addresses['ui']);
    while (found.length === 0 && Date.now() - sentMs < 2000) {
      await sleep(20);
      found = await findTraces(addresses['ui']);
    }
    expect(found).toMatchObject([{ rootService: 'order-service', rootSpanName: 'create-order' }]);

    const trace = await fetch(`${addresses['ui']}/api/clew/traces/${found[0]?.traceId}`);
    expect(await trace.json()).toMatchObject({ spans: [{ name: 'create-order', kind: 'server' }] });
    const jaeger = await fetch(`${addresses['ui']}/api/traces?service=order-service`);
    expect(await jaeger.json()).toMatchObject({ data: [{ traceID: found[0]?.traceId }] });

    const health = `${addresses['health']}/ready`;
    expect((await fetch(health)).status).toBe(200);
    const metrics = await (await fetch(addresses['metrics'] ?? '')).text();
    expect(metrics).toContain('clew_receiver_stored_spans_total{receiver="otlp_http"} 1');
    expect(metrics).toContain('clew_store_inserted_spans_total 1');
    expect(metrics).toMatch(/clew_query_duration_seconds_count\{kind="read_trace",.*\} 2/);
  });

  test('keeps standard output to its one line, and logs as told', async () => {
    const { command } = await serveReady('--log-format', 'json', '--log-level', 'debug');
    command.kill('SIGTERM');
    const { stdout, stderr, exitCode } = await command.finished;
    expect(exitCode).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    const messages = stderr
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly message: string }).message);
    expect(messages).toContain('draining');
    expect(messages.at(-1)).toBe('stopped');
  });

  test('warns of variables that it does not know', async () => {
    const command = new ClewCommand(['serve', '--data-dir', dataDir, ...FREE_PORTS], {
      CLEW_RETENTON: '30d',
    });
    commands.push(command);
    await command.ready();
    command.kill('SIGTERM');
    const { stderr } = await command.finished;
    expect(stderr.match(/CLEW_RETENTON/g)).toHaveLength(1);
    expect(stderr).toMatch(/warn.*CLEW_RETENTION/);
  });

  test('leaves out what is off', async () => {
    const { addresses } = await serveReady('--otlp-grpc-port', 'off', '--metrics-port', 'off');
    expect(Object.keys(addresses)).toEqual([
      'ui',
      'otlp http',
      'jaeger grpc',
      'jaeger http',
      'jaeger compact udp',
      'jaeger binary udp',
      'jaeger query grpc',
      'zipkin',
      'tempo',
      'health',
    ]);
  });

  test('reads its file', async () => {
    const file = join(dataDir, 'clew.yaml');
    writeFileSync(file, 'base-path: /from-file\nlog-level: error\n');
    const { addresses } = await serveReady('--config', file);
    expect(addresses['ui']).toMatch(/\/from-file$/);
  });

  test.each(['--otlp-grpc-port', '--http-port'])(
    'names the port that is taken and %s, which moves it',
    async (option) => {
      const taken = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => taken.once('listening', resolve));
      const { port } = taken.address() as AddressInfo;
      const { exitCode, stdout, stderr } = await serve(option, String(port)).finished;
      taken.close();
      expect(stderr).toContain(
        `clew: port ${port} on 127.0.0.1 is in use: choose another with ${option}`,
      );
      expect(exitCode).toBe(1);
      expect(stdout).toBe('');
    },
  );

  test('names the host that is not one of the machine', async () => {
    const { exitCode, stderr } = await serve('--host', '192.0.2.1').finished;
    expect(stderr).toContain('choose another with --host');
    expect(exitCode).toBe(1);
  });
});

describe('SIGTERM', () => {
  test('answers what is in flight, stores what was accepted, and exits with 0', async () => {
    const { command, addresses } = await serveReady();
    expect(await sendSpan(addresses, 1)).toBe(200);
    const body = otlpJson(2);
    const inFlight = await beginRequest(addresses['otlp http'], body.length);
    const answered = new Promise<number | undefined>((resolve, reject) => {
      inFlight.on('response', ({ statusCode }) => resolve(statusCode));
      inFlight.on('error', reject);
    });
    inFlight.write(body.slice(0, 20));
    command.kill('SIGTERM');
    while ((await fetch(`${addresses['health']}/ready`)).status !== 503) await sleep(5);
    expect((await fetch(`${addresses['health']}/live`)).status).toBe(200);
    await expect(sendSpan(addresses, 3)).rejects.toThrow();
    inFlight.end(body.slice(20));
    expect(await answered).toBe(200);
    const { exitCode, stderr } = await command.finished;
    expect(exitCode).toBe(0);
    expect(stderr).not.toContain('error');

    const again = await serveReady();
    expect(await findTraces(again.addresses['ui'])).toHaveLength(2);
  });

  test('a second time ends the process at once', async () => {
    const { command, addresses } = await serveReady();
    const stalled = await beginRequest(addresses['otlp http'], 100);
    stalled.on('error', () => undefined);
    command.kill('SIGTERM');
    while ((await fetch(`${addresses['health']}/ready`)).status !== 503) await sleep(5);
    const killedMs = Date.now();
    command.kill('SIGINT');
    expect((await command.finished).exitCode).toBe(130);
    expect(Date.now() - killedMs).toBeLessThan(2000);
  });
});

/** A request of which the server has got the headers, and nothing else yet. */
function beginRequest(receiver: string | undefined, bodyLength: number): Promise<ClientRequest> {
  return new Promise((resolve, reject) => {
    const begun = request(`${receiver}/v1/traces`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': bodyLength,
        expect: '100-continue',
      },
    });
    begun.once('continue', () => resolve(begun));
    begun.once('error', reject);
    begun.flushHeaders();
  });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
