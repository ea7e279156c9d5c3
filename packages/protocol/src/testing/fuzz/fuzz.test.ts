import { describe, expect, test } from 'vitest';
import { checkCase } from './check-case.ts';
import { FUZZ_FORMATS, readSeeds } from './formats.ts';
import { createRandom, mutate } from './mutate.ts';

const CASES = 1000;

/** A short form of `npm run fuzz`, the same in every run. */
describe.each(FUZZ_FORMATS)('decoder of $name', (format) => {
  test('reads damaged payloads or refuses them, and nothing else', () => {
    const seeds = readSeeds(format);
    for (let seed = 0; seed < CASES; seed++) {
      const bytes = mutate(seeds, createRandom(seed));
      const failure = checkCase(format, bytes);
      if (failure !== undefined) expect.fail(`case ${seed}: ${failure}`);
    }
  });
});
