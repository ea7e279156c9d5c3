import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ClewCommand, parseReadyLine } from './testing/clew-command.ts';
import { runCommand } from './testing/run-command.ts';
import type { CommandEnd } from './testing/run-command.ts';

const TRACE = '5b8efff798038103d269b633813fc60c';
const OTHER_TRACE = '5b8efff798038103d269b633813fc60d';
const LARGE_TRACE = '5b8efff798038103d269b633813fc60f';

let folder: string;
let dataDir: string;
let server: ClewCommand;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clew-import-'));
  dataDir = join(folder, 'store');
  const serve = ['serve', '--data-dir', dataDir, '--http-port', '0', ...PORTS_OFF];
  server = new ClewCommand([...serve, '--base-path', '/tracing']);
  url = parseReadyLine(await server.ready())['ui'] ?? '';
});

const PORTS_OFF = [
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
].flatMap((name) => [`--${name}-port`, 'off']);

afterAll(async () => {
  server.kill('SIGTERM');
  await server.finished;
  rmSync(folder, { recursive: true, force: true });
});

function run(...args: readonly string[]): Promise<CommandEnd> {
  return runCommand(args, { CLEW_URL: url });
}

function otlpLine(traceId: string, spanNumber = 1): string {
  return otlpLineOf([spanOf(traceId, spanNumber)]);
}

function otlpLineOf(spans: readonly object[]): string {
  return `${JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })}\n`;
}

function spanOf(traceId: string, spanNumber: number, attributes: readonly object[] = []): object {
  return {
    traceId,
    spanId: String(spanNumber).padStart(16, '0'),
    name: 'create-order',
    startTimeUnixNano: `${Date.now()}000000`,
    endTimeUnixNano: `${Date.now() + 5}000000`,
    attributes,
  };
}

/** Lines of a trace of some 20 MB whose spans have nothing in common. */
function* largeTraceLines(traceId: string, spanCount: number): Generator<string> {
  const perLine = 500;
  for (let from = 1; from <= spanCount; from += perLine) {
    const numbers = Array.from({ length: perLine }, (_, index) => from + index);
    const spans = numbers.map((number) => {
      const stringValue = `${number} `.padEnd(4000, String(number));
      return spanOf(traceId, number, [{ key: 'text', value: { stringValue } }]);
    });
    yield otlpLineOf(spans);
  }
}

/** By their ids. */
function spansOfLines(lines: string): unknown[] {
  const found = lines
    .trimEnd()
    .split('\n')
    .flatMap((line) => (JSON.parse(line) as TracesJson).resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans);
  return found.sort((a, b) => a.spanId.localeCompare(b.spanId));
}

interface TracesJson {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly { readonly spanId: string }[] }[];
  }[];
}

function writeTraces(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** The trace as exported, as soon as it can be found. */
async function exportTrace(traceId: string): Promise<string> {
  let exported = '';
  await expect
    .poll(async () => (exported = (await run('export', traceId)).stdout), { timeout: 20_000 })
    .toContain(traceId);
  return exported;
}

/** The trace's lines, as soon as all its spans are there. */
async function exportWhole(traceId: string, spanCount: number): Promise<string> {
  let exported = '';
  await expect
    .poll(
      async () => {
        const { stdout, stderr } = await run('export', traceId);
        exported = stdout;
        return stderr;
      },
      { timeout: 30_000 },
    )
    .toBe(`1 trace, ${spanCount} spans exported\n`);
  return exported;
}

// Some commands are processes that load their sources.
const TIMEOUT_MS = 120_000;

describe('query', { timeout: TIMEOUT_MS }, () => {
  const QUERIED = '5b8efff798038103d269b633813fc60e';

  test('shows traces as a table or as JSON, and points at what it cannot read', async () => {
    await run('import', writeTraces('query.jsonl', otlpLine(QUERIED, 1) + otlpLine(QUERIED, 2)));
    await exportTrace(QUERIED);
    const q = `{ trace:id = "${QUERIED}" } | count() = 2`;
    const table = await run('query', q, '--start', '1h');
    expect(table).toMatchObject({ exitCode: 0, stderr: '' });
    const [head = '', row = '', ...rest] = table.stdout.trimEnd().split('\n');
    expect(head).toMatch(/^TRACE +START +DURATION +SPANS +ERRORS +ROOT$/);
    expect(row).toMatch(new RegExp(`^${QUERIED}  20\\S+Z  +\\S+ms +2 +0  \\S*: create-order$`));
    expect(rest).toEqual([]);
    const json = await run('query', q, '--format', 'json', '--order', 'slowest');
    expect(JSON.parse(json.stdout)).toMatchObject({ traces: [{ traceId: QUERIED, spanCount: 2 }] });
    const lines = await run('query', q, '--format', 'lines');
    expect(lines).toMatchObject({ exitCode: 0, stderr: '' });
    expect(lines.stdout.split('\n').slice(1)).toEqual(['']);
    expect(JSON.parse(lines.stdout)).toMatchObject({ traceId: QUERIED, spanCount: 2 });
    expect(await run('query', `${q} | { name = "none" }`)).toMatchObject({
      exitCode: 0,
      stdout: 'no traces\n',
    });
    const rate = `{ trace:id = "${QUERIED}" } | count_over_time() by(name)`;
    expect(await run('query', rate, '--start', '1h')).toMatchObject({
      exitCode: 0,
      stdout: 'SERIES                 VALUE\n{name="create-order"}      2\n',
    });
    const steps = await run('query', rate, '--start', '1h', '--step', '15m');
    expect(steps.stdout).toMatch(
      /^SERIES +TIME +VALUE\n(\{name="create-order"\} +20\S+Z +[02]\n)+$/,
    );
    const comparison = `{ trace:id = "${QUERIED}" } | compare({ status = error })`;
    const { stdout } = await run('query', comparison, '--start', '1h');
    expect(stdout).toMatch(/^ATTRIBUTE +VALUE +SELECTION +% +BASELINE +%\n/);
    expect(stdout).toMatch(/^name +"create-order" +2 +100\.0$/m);
    expect(await run('query', '{ } | rate()', '--format', 'lines')).toMatchObject({
      exitCode: 1,
      stderr: 'clew: --format lines is for traces: metrics have table and json\n',
    });
    expect(await run('query', '{ status = }')).toMatchObject({
      exitCode: 1,
      stderr: [
        'clew: expected a value or an attribute but found "}" at 11',
        '  { status = }',
        '             ^',
        '',
      ].join('\n'),
    });
  });
});

describe('import, export and delete with a server', { timeout: TIMEOUT_MS }, () => {
  test('take several files, show what became of each, and what was imported twice once', async () => {
    const plain = writeTraces('a.jsonl', otlpLine(TRACE, 1) + otlpLine(TRACE, 2));
    const packed = writeTraces('b.jsonl', gzipSync(otlpLine(TRACE, 3)));
    const { exitCode, stdout, stderr } = await run('import', plain, packed, packed);
    expect(stderr).toBe('');
    expect(stdout.split('\n')).toEqual([
      `${plain}: 2 spans imported`,
      `${packed}: 1 span imported`,
      `${packed}: 1 span imported`,
      '3 files: 4 spans imported',
      '',
    ]);
    expect(exitCode).toBe(0);
    expect((await exportTrace(TRACE)).match(/"spanId"/g)).toHaveLength(3);
  });

  test('import what could be read, and fail when something could not', async () => {
    const torn = writeTraces('torn.jsonl', `${otlpLine(TRACE, 4)}{"resourceSpans":[{`);
    const missing = join(folder, 'missing.jsonl');
    const { exitCode, stdout, stderr } = await run('import', torn, missing);
    expect(stdout).toContain(`${torn}: 1 span imported, not read completely\n`);
    expect(stderr).toMatch(/torn\.jsonl: line 2: otlp json: /);
    expect(stderr).toMatch(/missing\.jsonl: ENOENT/);
    expect(stderr).toContain('clew: 2 of the files could not be read completely');
    expect(exitCode).toBe(1);
  });

  test('import from standard input', async () => {
    const file = writeTraces('stdin.jsonl', otlpLine(OTHER_TRACE));
    const child = spawn(process.execPath, [...ClewCommand.ARGUMENTS, 'import', '-'], {
      env: { ...process.env, CLEW_URL: url },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    createReadStream(file).pipe(child.stdin);
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(stdout).toBe('standard input: 1 span imported\n');
    expect(await exportTrace(OTHER_TRACE)).toContain('"create-order"');
  });

  test('remove a trace, and say which was not there', async () => {
    const { exitCode, stdout, stderr } = await run('delete', OTHER_TRACE, 'abc');
    expect(stdout).toBe(`${OTHER_TRACE}: removed\n`);
    expect(stderr).toContain(`trace not found: ${'abc'.padStart(32, '0')}\n`);
    expect(exitCode).toBe(1);
    const gone = await run('export', OTHER_TRACE);
    expect(gone.stderr).toContain(`trace not found: ${OTHER_TRACE}`);
    expect(gone.stdout).toBe('');
    expect(gone.exitCode).toBe(1);
  });

  test('write a trace of more than 16 MiB as several lines, which restore every span', async () => {
    const spanCount = 5000;
    const given = writeTraces('large.jsonl', [...largeTraceLines(LARGE_TRACE, spanCount)].join(''));
    expect(await run('import', given)).toMatchObject({ exitCode: 0 });
    const lines = await exportWhole(LARGE_TRACE, spanCount);
    const lengths = lines
      .trimEnd()
      .split('\n')
      .map((line) => Buffer.byteLength(line));
    expect(lengths.length).toBeGreaterThan(1);
    expect(Math.max(...lengths)).toBeLessThan(16 * 1024 ** 2);
    const before = spansOfLines(lines);
    expect(before).toHaveLength(spanCount);
    for (const format of ['otlp-json', 'otlp-proto']) {
      const output = join(folder, `large.${format}`);
      const exported = await run('export', LARGE_TRACE, '--format', format, '--output', output);
      expect(exported.stderr).toBe(`1 trace, ${spanCount} spans exported\n`);
      await run('delete', LARGE_TRACE);
      const { stdout } = await run('import', '--format', format, output);
      expect(stdout).toBe(`${output}: ${spanCount} spans imported\n`);
      expect(spansOfLines(await exportWhole(LARGE_TRACE, spanCount))).toEqual(before);
    }
    await run('delete', LARGE_TRACE);
    await run('import', writeTraces('large-again.jsonl', lines));
    expect(spansOfLines(await exportWhole(LARGE_TRACE, spanCount))).toEqual(before);
  });

  test('say that a server has the directory open', async () => {
    const file = writeTraces('c.jsonl', otlpLine(TRACE));
    const { exitCode, stderr } = await run('import', '--data-dir', dataDir, file);
    expect(stderr).toMatch(/is in use by process \d+: while a server runs, name it with --url/);
    expect(exitCode).toBe(1);
  });
});

test('commands without a server name its address', { timeout: TIMEOUT_MS }, async () => {
  const file = writeTraces('d.jsonl', otlpLine(TRACE));
  for (const args of [['import', file], ['export'], ['delete', TRACE]]) {
    const { exitCode, stderr } = await run(...args, '--url', 'http://127.0.0.1:1');
    expect(stderr).toMatch(/http:\/\/127\.0\.0\.1:1.* cannot be reached/);
    expect(stderr).toContain('--url names another address');
    expect(exitCode).toBe(1);
  }
});

test('an export whose connection breaks off fails', { timeout: TIMEOUT_MS }, async () => {
  const breaking = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-protobuf' });
    response.write(Buffer.of(0x0a, 0x7f, 0x01), () => response.destroy());
  });
  await once(breaking.listen(0, '127.0.0.1'), 'listening');
  const { port } = breaking.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}`;
  const { exitCode, stdout, stderr } = await run('export', TRACE, '--url', address);
  expect(stderr).toBe(`clew: ${address}: the answer broke off\n`);
  expect(stdout).toBe('');
  expect(exitCode).toBe(1);
  breaking.close();
});
