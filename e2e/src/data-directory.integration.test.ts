/** The data directory over the life of several servers: shared by nobody, kept through a crash, aged. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ClewProcess, StartFailure } from './clew-process.ts';
import { encodeRawRequest, rawSpan } from './otlp-bytes.ts';
import type { RawSpan } from './otlp-bytes.ts';

const DAY_NANO = 86_400_000_000_000n;
const dataDir = mkdtempSync(join(tmpdir(), 'clew-data-'));
let clew: ClewProcess;

beforeAll(async () => {
  clew = await ClewProcess.start({ dataDir, flags: ['--retention=30d'] });
});

afterAll(async () => {
  await clew[Symbol.asyncDispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

describe.sequential('a data directory', () => {
  const now = BigInt(Date.now()) * 1_000_000n;
  const young = rawSpan();
  const old = rawSpan({
    startUnixNano: now - 10n * DAY_NANO,
    endUnixNano: now - 10n * DAY_NANO,
  });

  test('in use is refused, and its owner is not disturbed', async () => {
    const failure = await failureOf(ClewProcess.start({ dataDir }));
    expect(failure.exitCode).toBe(1);
    expect(failure.log).toContain(dataDir);
    expect(failure.log).toMatch(/in use/);
    await send(clew, old);
    await expect.poll(() => isStored(clew, old), { timeout: 10_000 }).toBe(true);
  });

  test('of a killed server has all that it acknowledged, and can be used at once', async () => {
    await send(clew, young);
    await clew.kill();
    clew = await ClewProcess.start({ dataDir, flags: ['--retention=30d'] });
    expect(await isStored(clew, young)).toBe(true);
    expect(await isStored(clew, old)).toBe(true);
  });

  test('of a stopped server has what it took to its last moment', async () => {
    const last = rawSpan();
    await send(clew, last);
    expect(await clew.stop()).toBe(0);
    clew = await ClewProcess.start({ dataDir, flags: ['--retention=3d'] });
    expect(await isStored(clew, last)).toBe(true);
  });

  test('loses spans older than the retention, and no others', async () => {
    await expect.poll(() => isStored(clew, old), { timeout: 10_000 }).toBe(false);
    expect(await isStored(clew, young)).toBe(true);
  });
});

test('a port in use names itself and the option that moves it', async () => {
  const port = new URL(clew.addresses.health).port;
  const failure = await failureOf(ClewProcess.start({ flags: [`--health-port=${port}`] }));
  expect(failure.exitCode).toBe(1);
  expect(failure.log).toContain(port);
  expect(failure.log).toContain('--health-port');
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

async function send({ addresses }: ClewProcess, span: RawSpan): Promise<void> {
  const response = await fetch(`${addresses.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Buffer.from(encodeRawRequest([span], 'some-service')),
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
