import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CONFIG_OPTIONS } from '../config.ts';
import { ClewCommand } from './testing/clew-command.ts';
import { runCommand } from './testing/run-command.ts';
import type { CommandEnd } from './testing/run-command.ts';

/** In a process of its own, as far as it ends by itself. */
function runProcess(args: readonly string[], environment?: Readonly<Record<string, string>>) {
  return new ClewCommand(args, environment).finished;
}

type Ended = Omit<CommandEnd, 'exitCode'> & { readonly exitCode: number | null };

function expectFailure(finished: Ended, exitCode: number, message: string): void {
  expect(finished.stderr).toContain(message);
  expect(finished.exitCode).toBe(exitCode);
  expect(finished.stdout).toBe('');
}

test('version prints the version', { timeout: 60_000 }, async () => {
  const { exitCode, stdout } = await runProcess(['version']);
  expect(stdout).toMatch(/^clew \d+\.\d+\.\d+ \(node v\d+.*\)\n$/);
  expect(exitCode).toBe(0);
});

test('help lists the commands, and the options of each', { timeout: 60_000 }, async () => {
  const program = await runCommand(['--help']);
  expect(program.exitCode).toBe(0);
  expect(program.stdout).toMatch(/serve .*receive/);
  for (const name of ['import', 'export', 'delete', 'version'])
    expect(program.stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  for (const name of ['import', 'export', 'delete']) {
    const { exitCode, stdout } = await runCommand([name, '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Examples:\n  clew ${name} `);
    expect(stdout).toContain('CLEW_URL');
  }
  const serve = await runCommand(['serve', '--help']);
  expect(serve.exitCode).toBe(0);
  const text = serve.stdout.replace(/\s+/g, ' ');
  for (const { flag, environmentVariable, defaultText } of CONFIG_OPTIONS) {
    expect(text).toContain(flag);
    expect(text).toContain(environmentVariable);
    expect(text).toContain(defaultText);
  }
});

test('what is not a command or an option is a usage error', { timeout: 60_000 }, async () => {
  expectFailure(await runProcess(['sevre']), 2, "unknown command 'sevre'");
  expectFailure(await runCommand(['serve', '--prot', '1']), 2, "unknown option '--prot'");
  expectFailure(
    await runCommand(['serve', '--host']),
    2,
    "option '--host <address>' argument missing",
  );
  expectFailure(await runCommand(['serve', 'now']), 2, 'too many arguments');
});

test('bad options of commands are named', { timeout: 60_000 }, async () => {
  expectFailure(await runCommand(['import', '--format', 'csv', 'a']), 2, "'--format <format>'");
  expectFailure(
    await runCommand(['export', '--start', 'soon']),
    2,
    "'--start <time>' argument 'soon'",
  );
  expectFailure(await runCommand(['delete', 'xyz']), 2, "'xyz' is invalid for argument 'trace-id'");
  expectFailure(await runCommand(['export'], { CLEW_URL: 'clew' }), 1, 'CLEW_URL is "clew"');
  const both = ['export', '--url', 'http://a', '--data-dir', 'b'];
  expectFailure(await runCommand(both), 2, "'--data-dir <directory>' cannot be used with");
});

test('a bad value names where it stands', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clew-config-'));
  const file = join(folder, 'clew.yaml');
  writeFileSync(file, 'retention: forever\n');
  expectFailure(
    await runProcess(['serve', '--http-port', '99999']),
    1,
    'clew: --http-port is "99999": expected a port from 1 to 65535, 0 for any free one, or off\n',
  );
  expectFailure(
    await runProcess(['serve'], { CLEW_LOG_LEVEL: 'loud' }),
    1,
    'clew: CLEW_LOG_LEVEL is "loud": expected debug, info, warn or error\n',
  );
  expectFailure(
    await runProcess(['serve', '--config', file]),
    1,
    `clew: retention in ${file} is "forever": expected a number with a unit`,
  );
  rmSync(folder, { recursive: true });
});
