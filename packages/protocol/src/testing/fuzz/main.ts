/**
 * `npm run fuzz -- [--format NAME] [--cases N | --seconds N] [--seed N]`: every decoder over damaged payloads. A decoder
 * may refuse an input or read it, quickly and in little memory; anything else is a failure, whose input is kept in a file.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkCase } from './check-case.ts';
import { FUZZ_FORMATS, readSeeds } from './formats.ts';
import type { FuzzFormat } from './formats.ts';
import { createRandom, mutate } from './mutate.ts';

const MAX_FAILURES = 5;
const MAX_RSS_BYTES = 1.5 * 2 ** 30;

interface FuzzOptions {
  readonly formats: readonly FuzzFormat[];
  /** Of each format. */
  readonly cases: number;
  readonly seconds: number;
  readonly seed: number;
}

function main(): void {
  const options = parseOptions();
  console.log(`seed ${options.seed}`);
  const failureCount = options.formats.reduce((sum, format) => sum + fuzz(format, options), 0);
  if (failureCount > 0) process.exitCode = 1;
}

function parseOptions(): FuzzOptions {
  const { values } = parseArgs({
    options: {
      format: { type: 'string' },
      cases: { type: 'string' },
      seconds: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  const formats = FUZZ_FORMATS.filter(({ name }) => name.startsWith(values.format ?? ''));
  if (formats.length === 0) {
    const known = FUZZ_FORMATS.map(({ name }) => name).join(', ');
    throw new Error(`no format begins with ${values.format}; there are ${known}`);
  }
  return {
    formats,
    cases: Number(values.cases ?? (values.seconds === undefined ? 10_000 : Infinity)),
    seconds: Number(values.seconds ?? Infinity),
    seed: Number(values.seed ?? Math.trunc(Math.random() * 2 ** 31)),
  };
}

/** Tries one decoder; gives the number of failures. */
function fuzz(format: FuzzFormat, { cases, seconds, seed }: FuzzOptions): number {
  const seeds = readSeeds(format);
  const start = performance.now();
  let failureCount = 0;
  let slowestMs = 0;
  let count = 0;
  for (; count < cases && failureCount < MAX_FAILURES; count++) {
    const now = performance.now();
    if (now - start > seconds * 1000) break;
    const cpu = cpuMs();
    const caseSeed = (Math.imul(seed, 0x9e3779b1) + count) >>> 0;
    const bytes = mutate(seeds, createRandom(caseSeed));
    const failure = checkCase(format, bytes) ?? (count % 1000 === 0 ? checkMemory() : undefined);
    slowestMs = Math.max(slowestMs, cpuMs() - cpu);
    if (failure === undefined) continue;
    failureCount++;
    report({ format, failure, bytes, count });
  }
  const elapsed = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${format.name}: ${count} cases of ${seeds.length} payloads in ${elapsed} s, the slowest ${Math.round(slowestMs)} ms, ${failureCount} failures`,
  );
  return failureCount;
}

/** Time of the processor, which does not depend on what else runs. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function checkMemory(): string | undefined {
  const { rss } = process.memoryUsage();
  return rss > MAX_RSS_BYTES ? `resident memory has grown to ${rss} bytes` : undefined;
}

function report(found: {
  readonly format: FuzzFormat;
  readonly failure: string;
  readonly bytes: Uint8Array;
  readonly count: number;
}): void {
  const { format, failure, bytes, count } = found;
  const file = join(mkdtempSync(join(tmpdir(), 'clew-fuzz-')), `${format.name}.bin`);
  writeFileSync(file, bytes);
  console.error(`${format.name}: case ${count} ${failure}\n  input kept in ${file}`);
}

main();
