import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CONFIG_OPTIONS } from '../config.ts';
import { ClewCommand } from './testing/clew-command.ts';
import type { Finished } from './testing/clew-command.ts';

function run(args: readonly string[], environment?: Readonly<Record<string, string>>) {
  return new ClewCommand(args, environment).finished;
}

function expectFailure(finished: Finished, exitCode: number, message: string): void {
  expect(finished.stderr).toContain(message);
  expect(finished.exitCode).toBe(exitCode);
  expect(finished.stdout).toBe('');
}

test('version prints the version', { timeout: 30_000 }, async () => {
  const { exitCode, stdout } = await run(['version']);
  expect(stdout).toMatch(/^clew \d+\.\d+\.\d+ \(node v\d+.*\)\n$/);
  expect(exitCode).toBe(0);
});

test('help lists the commands, and the options of each', { timeout: 30_000 }, async () => {
  const program = await run(['--help']);
  expect(program.exitCode).toBe(0);
  expect(program.stdout).toMatch(/serve .*receive/);
  expect(program.stdout).toContain('version');
  const serve = await run(['serve', '--help']);
  expect(serve.exitCode).toBe(0);
  const text = serve.stdout.replace(/\s+/g, ' ');
  for (const { flag, environmentVariable, defaultText } of CONFIG_OPTIONS) {
    expect(text).toContain(flag);
    expect(text).toContain(environmentVariable);
    expect(text).toContain(defaultText);
  }
});

test('what is not a command or an option is a usage error', { timeout: 30_000 }, async () => {
  expectFailure(await run(['sevre']), 2, "unknown command 'sevre'");
  expectFailure(await run(['serve', '--prot', '1']), 2, "unknown option '--prot'");
  expectFailure(await run(['serve', '--host']), 2, "option '--host <address>' argument missing");
  expectFailure(await run(['serve', 'now']), 2, 'too many arguments');
});

test('a bad value names where it stands', { timeout: 30_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clew-config-'));
  const file = join(folder, 'clew.yaml');
  writeFileSync(file, 'retention: forever\n');
  expectFailure(
    await run(['serve', '--http-port', '99999']),
    1,
    'clew: --http-port is "99999": expected a port from 1 to 65535, 0 for any free one, or off\n',
  );
  expectFailure(
    await run(['serve'], { CLEW_LOG_LEVEL: 'loud' }),
    1,
    'clew: CLEW_LOG_LEVEL is "loud": expected debug, info, warn or error\n',
  );
  expectFailure(
    await run(['serve', '--config', file]),
    1,
    `clew: retention in ${file} is "forever": expected a number with a unit`,
  );
  rmSync(folder, { recursive: true });
});
