import { afterEach, expect, test, vi } from 'vitest';
import { openBrowserStorage } from './browser-storage.ts';
import { PreferenceStore } from './preferences.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('keeps what is chosen for as long as the page is open where the browser refuses storage', () => {
  vi.stubGlobal('localStorage', undefined);
  Object.defineProperty(globalThis, 'localStorage', {
    configurable: true,
    get: () => {
      throw new DOMException('denied', 'SecurityError');
    },
  });
  const storage = openBrowserStorage();
  new PreferenceStore(storage).set({ theme: 'dark' });
  expect(new PreferenceStore(storage).get().theme).toBe('dark');
});
