/**
 * The catalogue of everything that the screen says, one file per part of the screen. A text is a string, or a function of what it
 * speaks of. English is the only language so far; another one has the same texts in the same places.
 * The texts of `compare.ts` and `findings.ts` come with what shows them: the first page has its bytes counted.
 */
import { app } from './app.ts';
import { compareLinks } from './compare-links.ts';
import { embedded, exported } from './export.ts';
import { search } from './search.ts';
import { trace } from './trace.ts';
import { ui } from './ui.ts';

export const messages = { app, compare: compareLinks, search, trace, embedded, exported, ui };
