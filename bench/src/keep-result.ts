import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../e2e/src/sources.ts';

/** Where figures come from: they mean nothing without it. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly node: string;
  /** With `+` when the sources differ from it. */
  readonly commit: string;
  readonly measuredAt: string;
}

/** This machine and what is checked out on it, now. */
export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    node: process.version,
    commit: readCommit(),
    measuredAt: new Date().toISOString(),
  };
}

/** Keeps figures as JSON in `bench/results`, with where they come from; gives the file's path in the repository. */
export function keepResult(name: string, figures: object): string {
  const machine = describeMachine();
  const path = join(
    'bench',
    'results',
    `${name}-${machine.measuredAt.replaceAll(/[:.]/g, '-')}.json`,
  );
  mkdirSync(join(ROOT, 'bench', 'results'), { recursive: true });
  writeFileSync(join(ROOT, path), `${JSON.stringify({ machine, ...figures }, null, 2)}\n`);
  return path;
}

/** A table in Markdown; all columns but the first are numbers. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = header.map((_, column) => (column === 0 ? '---' : '--:'));
  return [line(header), line(rule), ...rows.map(line)].join('\n');
}

function readCommit(): string {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    const hasChanges = git('status', '--porcelain', '--untracked-files=no', 'packages') !== '';
    return `${git('rev-parse', '--short=12', 'HEAD')}${hasChanges ? '+' : ''}`;
  } catch {
    return 'unknown'; // Not a checkout.
  }
}
