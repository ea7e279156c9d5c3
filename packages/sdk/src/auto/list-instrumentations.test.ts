import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listInstrumentations } from './list-instrumentations.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clew-sdk-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function write(path: string, manifest: object): Promise<void> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(manifest));
}

const PG = '@opentelemetry/instrumentation-pg';
const HTTP = '@opentelemetry/instrumentation-http';

test('takes what the nearest package.json with dependencies names', async () => {
  await write('package.json', { dependencies: { [PG]: '*' } });
  await write('services/users/package.json', {
    dependencies: { pg: '*' },
    optionalDependencies: { [HTTP]: '*' },
  });
  expect(listInstrumentations(join(folder, 'services/users/main.js'), {})).toEqual([HTTP]);
});

test('looks further up than a package.json that only says which modules are beside it', async () => {
  await write('package.json', { dependencies: { [PG]: '*', express: '*' } });
  await write('dist/cjs/package.json', { type: 'commonjs' });
  expect(listInstrumentations(join(folder, 'dist/cjs/main.js'), {})).toEqual([PG]);
});

test('lets the environment choose among them', async () => {
  await write('package.json', { dependencies: { [PG]: '*', [HTTP]: '*' } });
  const main = join(folder, 'main.js');
  expect(listInstrumentations(main, { OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'pg, x' })).toEqual([PG]);
  expect(listInstrumentations(main, { OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'pg' })).toEqual([HTTP]);
});
