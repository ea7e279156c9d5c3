import { readFileSync } from 'node:fs';

/** The contents of a file; `undefined` when there is none that can be read. */
export type ReadFile = (path: string) => string | undefined;

/** The contents of a file as text; `undefined` when there is none, or none that may be read. */
export function readTextFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // Who asks for it says whether that is worth telling.
  }
}
