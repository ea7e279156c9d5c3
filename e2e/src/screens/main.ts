/** `npm run test:screens`: compares the pictures of pages with the recorded ones; with `--update` it records them. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit } from 'node:process';
import { findChromium } from '../../../scripts/find-chromium.ts';

const args = argv.slice(2);
const isUpdate = args.includes('--update');
const others = args.filter((arg) => arg !== '--update');

if (!isUpdate) warnOfAnotherChromium();
const run = ['playwright', 'test', '--config', 'screens.config.ts', '--update-snapshots'];
const { status } = spawnSync('npx', [...run, isUpdate ? 'all' : 'none', ...others], {
  cwd: join(import.meta.dirname, '..', '..'),
  stdio: 'inherit',
});
exit(status ?? 1);

/** Text is drawn a little differently by each version. */
function warnOfAnotherChromium(): void {
  const chromium = findChromium();
  if (chromium === undefined) return;
  const { stdout } = spawnSync(chromium, ['--version'], { encoding: 'utf8' });
  const recorded = readFileSync(join(import.meta.dirname, 'recorded', 'chromium.txt'), 'utf8');
  if (stdout.includes(recorded.trim())) return;
  console.warn(
    `The pictures were recorded with Chromium ${recorded.trim()}, and this is ${stdout.trim()}: pages have to draw, and no picture is compared.`,
  );
}
