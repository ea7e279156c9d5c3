/**
 * `node --import @clew/sdk/register app.js`: traces a program that was not written for it. What to do is read from OpenTelemetry's
 * environment variables; what is traced beside HTTP are the libraries whose instrumentations the program has installed.
 */
import { join } from 'node:path';
import { diag } from '@opentelemetry/api';
import { loadInstrumentations } from './auto/load-instrumentations.ts';
import { init } from './init.ts';

try {
  init();
  // A program may be started by another, which is installed elsewhere; then its own folder is where it runs.
  const [, main] = process.argv;
  const inFolder = join(process.cwd(), 'index.js');
  await loadInstrumentations(main === undefined ? [inFolder] : [main, inFolder], process.env);
} catch (cause) {
  // The program was not written for tracing, and must not fail for want of it.
  diag.error(`clew: this process is not traced: ${String(cause)}`);
}
