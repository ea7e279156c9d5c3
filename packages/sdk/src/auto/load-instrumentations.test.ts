import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { diag } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadInstrumentations } from './load-instrumentations.ts';

let folder: string;
/** What has been switched on. */
let started: string[];
let warnings: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clew-sdk-'));
  started = [];
  warnings = [];
  vi.stubGlobal('startedInstrumentations', started);
  const ignore = (): void => undefined;
  const warn = (text: string): void => void warnings.push(text);
  diag.setLogger({ error: warn, warn, info: ignore, debug: ignore, verbose: ignore });
});

afterEach(async () => {
  diag.disable();
  vi.unstubAllGlobals();
  await rm(folder, { recursive: true, force: true });
});

async function write(path: string, content: string | object): Promise<void> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
}

async function install(program: string, name: string, code: string): Promise<void> {
  await write(`${program}/node_modules/@opentelemetry/${name}/index.js`, code);
}

async function installInstrumentation(program: string, name: string): Promise<void> {
  await install(
    program,
    `instrumentation-${name}`,
    `exports.OneInstrumentation = class { constructor() { startedInstrumentations.push('${name}'); } };`,
  );
}

function manifest(...names: readonly string[]): object {
  return { dependencies: Object.fromEntries(names.map((name) => [`@opentelemetry/${name}`, '*'])) };
}

test('without a hook for ES modules this is said once, and the instrumentations are on', async () => {
  await write('shop/package.json', manifest('instrumentation-a', 'instrumentation-b'));
  await installInstrumentation('shop', 'a');
  await installInstrumentation('shop', 'b');
  await loadInstrumentations([join(folder, 'shop/main.js')], {});
  expect(started).toEqual(['a', 'b']);
  expect(warnings).toEqual([
    'clew: without @opentelemetry/instrumentation only what is loaded with require() is instrumented',
  ]);
});

test('switches on what is installed beside the bundle of all, and nothing of the bundle twice', async () => {
  const names = ['auto-instrumentations-node', 'instrumentation-a', 'instrumentation-b'];
  await write('shop/package.json', manifest(...names));
  await installInstrumentation('shop', 'a');
  await installInstrumentation('shop', 'b');
  await install(
    'shop',
    'auto-instrumentations-node',
    `exports.getNodeAutoInstrumentations = () => startedInstrumentations.push('all');`,
  );
  await write(
    'shop/node_modules/@opentelemetry/auto-instrumentations-node/package.json',
    manifest('instrumentation-a'),
  );
  await loadInstrumentations([join(folder, 'shop/main.js')], {});
  expect(started).toEqual(['b', 'all']);
});

test('a program that another one starts has the instrumentations of the folder it runs in', async () => {
  await write('runner/package.json', manifest('unrelated'));
  await write('shop/package.json', manifest('instrumentation-a'));
  await installInstrumentation('shop', 'a');
  await loadInstrumentations([join(folder, 'runner/cli.js'), join(folder, 'shop/index.js')], {});
  expect(started).toEqual(['a']);
});

test('one that cannot be loaded is told, and the others are on', async () => {
  await write('shop/package.json', manifest('instrumentation-a', 'instrumentation-b'));
  await install('shop', 'instrumentation-a', `throw new Error('broken');`);
  await installInstrumentation('shop', 'b');
  await loadInstrumentations([join(folder, 'shop/main.js')], {});
  expect(started).toEqual(['b']);
  expect(warnings.filter((text) => text.includes('broken'))).toHaveLength(1);
});
