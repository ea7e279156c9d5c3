import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { diag } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createNames, createRequest } from '../testing/export-requests.ts';
import { OtlpSink } from '../testing/otlp-sink.ts';
import { runProgram } from '../testing/run-program.ts';
import { createExporter } from './create-exporter.ts';
import { RequestSender } from './request-sender.ts';

vi.setConfig({ testTimeout: 60_000 });

const MAX_BYTES = 10_000_000;

let directory: string;
let sink: OtlpSink;
let port: number;
let messages: string[];

beforeEach(async () => {
  directory = join(mkdtempSync(join(tmpdir(), 'clew-buffer-')), 'spans');
  sink = await OtlpSink.start();
  port = Number(new URL(sink.endpoint).port);
  messages = [];
  const log = (message: string): void => void messages.push(message);
  diag.setLogger({ error: log, warn: log, info: log, debug: log, verbose: log });
});

afterEach(async () => {
  diag.disable();
  await sink.stop();
  rmSync(dirname(directory), { recursive: true, force: true });
});

function create({ maxBytes = MAX_BYTES, into = directory } = {}): RequestSender {
  const exporter = createExporter({
    protocol: 'http/protobuf',
    url: new URL(`http://127.0.0.1:${port}/v1/traces`),
    headers: {},
    timeoutMs: 500,
    compression: 'none',
  });
  const diskBuffer = { directory: into, maxBytes };
  const sender = new RequestSender(exporter, { exportTimeoutMs: 3000, diskBuffer });
  onTestFinished(() => sender.close());
  return sender;
}

function names(): string[] {
  return sink.spans.map((span) => span.name);
}

function sum({ counts }: RequestSender): number {
  const { underWay, buffered, exported, rejected, dropped, recovered } = counts;
  return underWay + buffered + exported + rejected + dropped - recovered;
}

async function until(isSo: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + 20_000;
  while (!isSo()) {
    if (Date.now() > deadlineMs) throw new Error('it never was so');
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}

/** The lines of a program that has a sender with this directory, which reaches nobody. */
function senderLines(url = 'http://127.0.0.1:1'): string {
  return `
    const hold = setInterval(() => undefined, 1000);
    const { createExporter } = await from('export/create-exporter.ts');
    const { RequestSender } = await from('export/request-sender.ts');
    const { createNames, createRequest } = await from('testing/export-requests.ts');
    const exporter = createExporter({ protocol: 'http/protobuf', url: new URL('${url}/v1/traces'),
      headers: {}, timeoutMs: 500, compression: 'none' });
    const sender = new RequestSender(exporter, { exportTimeoutMs: 3000,
      diskBuffer: { directory: ${JSON.stringify(directory)}, maxBytes: ${MAX_BYTES} } });`;
}

describe('a restart of the receiver', () => {
  test('loses nothing, and holds nothing up', async () => {
    const sender = create();
    await sender.send(createRequest('before'));
    await sink.stop();
    const startMs = performance.now();
    for (let i = 0; i < 100; i++) await sender.send(createRequest(...createNames(`r${i}`, 10)));
    expect(performance.now() - startMs).toBeLessThan(3000);
    expect(sender.counts).toMatchObject({ exported: 1, buffered: 1000, dropped: 0, underWay: 0 });
    expect(readdirSync(directory)).toHaveLength(100);
    sink = await OtlpSink.start(port);
    await until(() => sender.counts.buffered === 0);
    expect(sender.counts).toMatchObject({ exported: 1001, dropped: 0, rejected: 0 });
    expect(names()).toHaveLength(1000);
    expect(names()).toEqual(Array.from({ length: 100 }, (_, i) => createNames(`r${i}`, 10)).flat());
    expect(readdirSync(directory)).toEqual([]);
    await sender.send(createRequest('after'));
    expect(names().at(-1)).toBe('after');
    expect(messages).toHaveLength(2);
    expect(messages[0]).toMatch(/cannot reach .*, keeping spans in /);
    expect(messages[1]).toContain('takes spans again');
  });

  test('is found out about by what waits, and the counts add up at any time', async () => {
    sink.answerWith((index) => (index % 2 === 1 ? { status: 200 } : 'hang'));
    const sender = create();
    let sent = 0;
    const check = setInterval(() => {
      if (sum(sender) !== sent) messages.push(`the sum is ${sum(sender)} and not ${sent}`);
    }, 1);
    for (let i = 0; i < 4; i++) {
      sent += 3;
      await sender.send(createRequest(...createNames(`r${i}`, 3)));
      expect(sum(sender)).toBe(sent);
    }
    await until(() => sender.counts.buffered === 0);
    clearInterval(check);
    expect(sender.counts).toMatchObject({ exported: 12, dropped: 0 });
    expect(messages.filter((message) => message.includes('sum'))).toEqual([]);
  });

  test('in which requests are refused for good counts them so', async () => {
    sink.answerWith((index) => (index === 0 ? { status: 503 } : { status: 400 }));
    const sender = create();
    await sender.send(createRequest('a', 'b'));
    await until(() => sender.counts.rejected === 2);
    expect(sender.counts).toMatchObject({ buffered: 0, exported: 0, dropped: 0 });
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('the disk', () => {
  test('holds no more than it may, and the oldest goes', async () => {
    await sink.stop();
    const size = createRequest('request-0').body.length + 8;
    const sender = create({ maxBytes: 5 * size });
    for (let i = 0; i < 9; i++) await sender.send(createRequest(`request-${i}`));
    expect(sender.counts).toMatchObject({ buffered: 5, dropped: 4, underWay: 0 });
    const files = readdirSync(directory);
    const bytes = files.reduce((sum, file) => sum + statSync(join(directory, file)).size, 0);
    expect(bytes).toBe(5 * size);
    sink = await OtlpSink.start(port);
    await until(() => sender.counts.buffered === 0);
    expect(names().sort()).toEqual([4, 5, 6, 7, 8].map((i) => `request-${i}`));
    expect(messages.filter((message) => message.includes('dropping the oldest'))).toHaveLength(1);
  });

  test('that cannot be written to is said once, and sending goes on without it', async () => {
    const file = join(directory, '..', 'file');
    writeFileSync(file, '');
    const sender = create({ into: join(file, 'spans') });
    sink.answerWith((index) => (index < 1 ? 'reset' : { status: 200 }));
    for (let i = 0; i < 3; i++) await sender.send(createRequest(`a${i}`));
    expect(sender.counts).toMatchObject({ exported: 3, buffered: 0, dropped: 0 });
    await sink.stop();
    await sender.send(createRequest('b'));
    expect(sender.counts).toMatchObject({ exported: 3, buffered: 0, dropped: 1 });
    expect(messages.filter((message) => message.includes('cannot use'))).toHaveLength(1);
    expect(messages.filter((message) => message.includes('cannot write'))).toHaveLength(1);
  });

  test('that was damaged loses the damaged file only', async () => {
    await sink.stop();
    const sender = create();
    for (let i = 0; i < 3; i++) await sender.send(createRequest(`a${i}`));
    const [, second = ''] = readdirSync(directory).sort();
    const path = join(directory, second);
    const bytes = readFileSync(path);
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    sink = await OtlpSink.start(port);
    await until(() => sender.counts.buffered === 0);
    expect(names().sort()).toEqual(['a0', 'a2']);
    expect(sender.counts).toMatchObject({ exported: 2, dropped: 1 });
    expect(messages.filter((message) => message.includes('is damaged'))).toHaveLength(1);
  });

  test('may have files of others, which are left alone', async () => {
    await create().send(createRequest('a'));
    writeFileSync(join(directory, 'notes.txt'), 'mine');
    const sender = create();
    await sender.send(createRequest('b'));
    expect(readdirSync(directory)).toEqual(['notes.txt']);
  });
});

describe('another process', () => {
  test('that has ended has its spans sent by the next', async () => {
    // It ends without a turn of its loop, while a request is under way.
    const { code, stdout } = await runProgram(`${senderLines()}
      await sender.send(createRequest('sent-in-vain'));
      void sender.send(createRequest('under-way'));
      process.on('exit', () => {
        sender.abandonUnderWay();
        sender.abandon(createRequest(...createNames('queued', 3)));
        console.log(sender.counts.buffered);
      });
      process.exit(3);`);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '5\n' });
    const sender = create();
    await until(() => sender.counts.exported === 5);
    expect(names().sort()).toEqual([
      'queued-0',
      'queued-1',
      'queued-2',
      'sent-in-vain',
      'under-way',
    ]);
    expect(sender.counts).toMatchObject({ recovered: 5, buffered: 0, dropped: 0 });
    expect(readdirSync(directory)).toEqual([]);
  });

  test('that was killed while it wrote and sent has lost nothing that was on the disk', async () => {
    sink.answerWith(() => 'hang');
    const { signal } = await runProgram(
      `${senderLines(sink.endpoint)}
       await sender.send(createRequest('a'));
       await sender.send(createRequest('b'));
       // One of them is being sent again now.
       setTimeout(() => console.log('ready'), 1300);`,
      (kill) => kill('SIGKILL'),
    );
    expect(signal).toBe('SIGKILL');
    const [first = ''] = readdirSync(directory).sort();
    writeFileSync(join(directory, `${first.replace('.sending', '')}.tmp`), 'half of a fi');
    sink.answerWith(() => ({ status: 200 }));
    const sender = create();
    await until(() => sender.counts.exported === 2);
    expect(names().sort()).toEqual(['a', 'b']);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('that shares the directory does not send the same spans', async () => {
    await sink.stop();
    await runProgram(`${senderLines()}
      for (let i = 0; i < 200; i++) await sender.send(createRequest('old-' + i));
      process.exit();`);
    sink = await OtlpSink.start(port);
    const lines = `${senderLines(sink.endpoint)}
      for (let i = 0; i < 10; i++) await sender.send(createRequest('new-' + process.pid + '-' + i));
      while (sender.counts.buffered > 0) await new Promise((r) => setTimeout(r, 20));
      console.log(sender.counts.recovered);
      process.exit();`;
    const ends = await Promise.all([runProgram(lines), runProgram(lines), runProgram(lines)]);
    const recovered = ends.reduce((sum, { stdout }) => sum + Number(stdout), 0);
    expect(recovered).toBe(200);
    expect(names()).toHaveLength(230);
    expect(new Set(names()).size).toBe(230);
    expect(readdirSync(directory)).toEqual([]);
  });
});

test('a process that has nothing to do but to wait for the receiver ends', async () => {
  const { code, tookMs } = await runProgram(`${senderLines()}
    await sender.send(createRequest('a'));
    console.log('sent');
    clearInterval(hold);`);
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(500);
});
