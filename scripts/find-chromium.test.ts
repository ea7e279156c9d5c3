import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from './find-chromium.ts';

describe('findChromium', () => {
  let root = '';
  const folder = (name: string) => join(root, name);

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'clew-chromium-'));
    install('chrome/google-chrome');
    install('debian/chromium');
    install('other/my-browser');
    mkdirSync(join(folder('folder'), 'chromium'), { recursive: true });
    install('plain/chromium');
    chmodSync(join(folder('plain'), 'chromium'), 0o644);
  });

  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  function install(path: string): void {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), '#!/bin/sh\n', { mode: 0o755 });
  }

  test('prefers chromium to other names, wherever they stand on PATH', () => {
    const PATH = [folder('chrome'), folder('debian')].join(delimiter);
    expect(findChromium({ PATH })).toBe(join(folder('debian'), 'chromium'));
  });

  test('takes what CHROMIUM_PATH names before anything else', () => {
    const CHROMIUM_PATH = join(folder('other'), 'my-browser');
    expect(findChromium({ CHROMIUM_PATH, PATH: folder('debian') })).toBe(CHROMIUM_PATH);
  });

  test('does not replace a CHROMIUM_PATH that is wrong', () => {
    expect(findChromium({ CHROMIUM_PATH: '/nowhere', PATH: folder('debian') })).toBeUndefined();
  });

  test('passes over folders and files that cannot be run', () => {
    const PATH = [folder('folder'), folder('plain'), folder('missing')].join(delimiter);
    expect(findChromium({ PATH })).toBeUndefined();
    expect(findChromium({})).toBeUndefined();
  });
});
