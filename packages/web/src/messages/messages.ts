/**
 * The catalogue of everything that the screen says, one file per part of the screen. A text is a string, or a function of what it
 * speaks of. English is the only language so far; another one is an object of the type `Messages` in the place of this one.
 */
import { app } from './app.ts';
import { compare } from './compare.ts';
import { embedded, exported } from './export.ts';
import { search } from './search.ts';
import { trace } from './trace.ts';
import { ui } from './ui.ts';

export const messages = { app, compare, search, trace, embedded, exported, ui };
