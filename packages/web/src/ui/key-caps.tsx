import type { ReactNode } from 'react';
import './key-caps.css';

const NAMES: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Escape: 'Esc',
};

const IS_APPLE = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Keys as they are printed on a keyboard. */
export function KeyCaps({ keys }: { readonly keys: readonly string[] }): ReactNode {
  return (
    <span className="key-caps">
      {keys.map((key) => (
        <kbd key={key}>{nameOfKey(key)}</kbd>
      ))}
    </span>
  );
}

/** `Ctrl K`, or `⌘ K` where keyboards have that. */
export function nameOfKey(key: string): string {
  if (!key.startsWith('Mod+')) return NAMES[key] ?? key;
  return `${IS_APPLE ? '⌘' : 'Ctrl'} ${key.slice('Mod+'.length).toUpperCase()}`;
}
