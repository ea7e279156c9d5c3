import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SDK_NAME, SDK_VERSION } from './version.ts';

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));

let folder: string;

/** Installs the packed library beside nothing but its peer, as an application would. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clew-sdk-'));
  await run('npm', ['run', 'build'], { cwd: PACKAGE });
  await run('npm', ['pack', '--pack-destination', folder], { cwd: PACKAGE });
  const target = join(folder, 'node_modules', '@clew', 'sdk');
  await mkdir(target, { recursive: true });
  const tarball = join(folder, `clew-sdk-${SDK_VERSION}.tgz`);
  await run('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
  for (const name of ['@opentelemetry', '@types', 'undici-types']) {
    await symlink(join(MODULES, name), join(folder, 'node_modules', name));
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('the packed library type-checks for its user, strictly and with its own types checked', async () => {
  await writeFile(
    join(folder, 'user.ts'),
    `import { activeSpan, init, startSpanFromContext, activeContext, withSpan } from '@clew/sdk';
     import type { Clew, Span } from '@clew/sdk';
     const clew: Clew = init({ serviceName: 'user', limits: { linkCount: 3 } });
     const length: Promise<number> = withSpan('work', { size: 1 }, async (span: Span) => {
       const { span: child } = startSpanFromContext(activeContext(), 'child');
       child.finish();
       activeSpan()?.setAttribute('a', span.isRecording());
       return clew.stats.endedSpanCount;
     });
     await length;
     await clew.shutdown();
     // @ts-expect-error The name is a text.
     init({ serviceName: 7 });`,
  );
  const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022'];
  await run(join(MODULES, '.bin', 'tsc'), [...options, '--types', 'node', 'user.ts'], {
    cwd: folder,
  });
});

test('the packed library runs with nothing beside it but the OpenTelemetry API', async () => {
  const program = `
    import { init, withSpan } from '@clew/sdk';
    const clew = init({ serviceName: 'user', endpoint: 'http://127.0.0.1:1' });
    await withSpan('work', async () => 1);
    await clew.shutdown();
    console.log(JSON.stringify(clew.stats));`;
  await writeFile(join(folder, 'user.js'), program);
  const { stdout } = await run(process.execPath, ['user.js'], { cwd: folder });
  expect(JSON.parse(stdout)).toMatchObject({ endedSpanCount: 1, droppedSpanCount: 1 });
  // What is rarely used is in files of its own.
  const dist = join(folder, 'node_modules/@clew/sdk/dist');
  const files = (await readdir(dist)).filter((name) => name.endsWith('.js'));
  const texts = await Promise.all(files.map((name) => readFile(join(dist, name), 'utf8')));
  const imports = [...texts.join('\n').matchAll(/^(?:import|export)\b.* from "([^"]+)"/gm)];
  const names = new Set(imports.map((match) => match[1] ?? ''));
  expect([...names].filter((name) => !/^(node:|\.\/)/.test(name))).toEqual(['@opentelemetry/api']);
});

test('the library tells its own name and version', async () => {
  const manifest: unknown = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8'));
  expect(manifest).toMatchObject({ name: SDK_NAME, version: SDK_VERSION });
});
