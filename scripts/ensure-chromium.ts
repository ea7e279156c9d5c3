/** Makes sure that the browser tests have a Chromium: finds it, installs Debian's where that is allowed, or says how. */
import { spawnSync } from 'node:child_process';
import { findChromium } from './find-chromium.ts';

function main(): void {
  const path = findChromium() ?? installFromDebian();
  if (path !== undefined) {
    console.log(`Chromium for the browser tests: ${path}`);
    return;
  }
  console.error(explainMissing());
  process.exitCode = 1;
}

function installFromDebian(): string | undefined {
  if (process.env['CHROMIUM_PATH'] || process.getuid?.() !== 0 || !has('apt-get')) return undefined;
  console.log('Chromium is not installed: installing the package "chromium" with apt-get');
  runApt('update');
  runApt('install', '--yes', '--no-install-recommends', 'chromium', 'fonts-liberation');
  return findChromium();
}

function has(command: string): boolean {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** A failure is seen by Chromium still missing; apt-get has told its reason on standard error by then. */
function runApt(...parameters: readonly string[]): void {
  spawnSync('apt-get', ['--quiet', '--quiet', ...parameters], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

function explainMissing(): string {
  const given = process.env['CHROMIUM_PATH'];
  if (given) return `CHROMIUM_PATH names no program that can be run: ${given}`;
  return [
    'The browser tests need Chromium. Install it, then run the command again:',
    '  Debian, Ubuntu:  sudo apt-get update && sudo apt-get install chromium',
    '  Fedora:          sudo dnf install chromium',
    '  macOS:           brew install --cask chromium',
    'or set CHROMIUM_PATH to the program of a Chromium or Chrome that is already there.',
  ].join('\n');
}

main();
