/** The data directory over the life of several servers: kept, aged, shared by nobody. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ClewProcess, StartFailure } from './clew-process.ts';
import { encodeRawRequest, rawSpan } from './otlp-bytes.ts';
import type { RawSpan } from './otlp-bytes.ts';

let dataDir = '';

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'clew-data-'));
});

afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

test('a drained server exits with 0 and the next one has what it acknowledged', async () => {
  const span = rawSpan();
  await using first = await ClewProcess.start({ dataDir });
  await send(first, span);
  expect(await first.stop()).toBe(0);

  await using second = await ClewProcess.start({ dataDir });
  expect(await isStored(second, span)).toBe(true);
});

test('spans older than the retention are dropped, younger ones stay', async () => {
  const dayNano = 86_400_000_000_000n;
  const now = BigInt(Date.now()) * 1_000_000n;
  const old = rawSpan({ startUnixNano: now - 10n * dayNano, endUnixNano: now - 10n * dayNano });
  const young = rawSpan();
  await using first = await ClewProcess.start({ dataDir, flags: ['--retention=30d'] });
  await send(first, old, young);
  await first.stop();

  await using second = await ClewProcess.start({ dataDir, flags: ['--retention=3d'] });
  await expect.poll(() => isStored(second, old), { timeout: 10_000 }).toBe(false);
  expect(await isStored(second, young)).toBe(true);
});

test('a directory in use is refused, and its owner is not disturbed', async () => {
  await using owner = await ClewProcess.start({ dataDir });
  const failure = await failureOf(ClewProcess.start({ dataDir }));
  expect(failure.exitCode).toBe(1);
  expect(failure.log).toContain(dataDir);
  expect(failure.log).toMatch(/in use/);
  const span = rawSpan();
  await send(owner, span);
  await expect.poll(() => isStored(owner, span)).toBe(true);
});

test('a directory whose owner was killed can be used at once', async () => {
  await using first = await ClewProcess.start({ dataDir });
  const span = rawSpan();
  await send(first, span);
  await first.kill();

  await using second = await ClewProcess.start({ dataDir });
  await expect.poll(() => isStored(second, span)).toBe(true);
});

test('a port in use names itself and the option that moves it', async () => {
  await using owner = await ClewProcess.start({ dataDir });
  const port = owner.addresses.otlpHttp.split(':').at(-1) ?? '';
  const failure = await failureOf(ClewProcess.start({ flags: [`--otlp-http-port=${port}`] }));
  expect(failure.exitCode).toBe(1);
  expect(failure.log).toContain(port);
  expect(failure.log).toContain('--otlp-http-port');
});

async function failureOf(start: Promise<ClewProcess>): Promise<StartFailure> {
  try {
    await (await start)[Symbol.asyncDispose]();
  } catch (error) {
    if (error instanceof StartFailure) return error;
    throw error;
  }
  throw new Error('the server started');
}

async function send({ addresses }: ClewProcess, ...spans: RawSpan[]): Promise<void> {
  const response = await fetch(`${addresses.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Buffer.from(encodeRawRequest(spans, 'some-service')),
  });
  expect(response.status).toBe(200);
}

async function isStored(
  { addresses }: ClewProcess,
  { traceId }: Required<RawSpan>,
): Promise<boolean> {
  const url = `${addresses.ui}/api/clew/traces/${Buffer.from(traceId).toString('hex')}`;
  const { status } = await fetch(url);
  if (status !== 200 && status !== 404) throw new Error(`the server answered ${status}`);
  return status === 200;
}
