/**
 * A PostgreSQL for those who have none: PGlite, which is PostgreSQL compiled to WebAssembly, behind a socket, so that the
 * services reach it with the ordinary client. Everything in it is gone when it stops.
 *
 * Creating a database takes PGlite some five seconds and 850 MB; opening one that exists takes half a second and 370 MB.
 * So an empty one is created once, by a process of its own, kept, and copied at every start.
 *
 * As a program: PORT.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { isProgram, readPort, runService } from './run-service.ts';
import type { Stoppable } from './run-service.ts';

/** PGlite has one session, which the connections take turns in; more than a handful only wait. */
const MAX_CONNECTIONS = 100;
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/clew-demo', import.meta.url));
const CREATE = 'create';

/** Starts the database in this process; 0 picks a free port. */
export async function startDatabase(port: number): Promise<Stoppable> {
  const template = await prepareTemplate();
  const folder = await mkdtemp(join(tmpdir(), 'clew-demo-database-'));
  try {
    await cp(template, folder, { recursive: true });
    const database = await PGlite.create(folder);
    const server = new PGLiteSocketServer({
      db: database,
      port,
      host: '127.0.0.1',
      maxConnections: MAX_CONNECTIONS,
    });
    await server.start();
    return {
      url: `postgres://postgres@${server.getServerConn()}/postgres`,
      stop: async () => {
        await server.stop();
        await database.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Where the empty database is; it is created when this version of PGlite has none yet. */
async function prepareTemplate(): Promise<string> {
  const template = join(CACHE, `pglite-${await readPgliteVersion()}`);
  if (await exists(template)) return template;
  await mkdir(CACHE, { recursive: true });
  const unfinished = await mkdtemp(join(CACHE, 'unfinished-'));
  try {
    const child = spawn(
      process.execPath,
      [...process.execArgv, fileURLToPath(import.meta.url), CREATE, unfinished],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`PGlite could not create a database (exit code ${code})`);
    await rename(unfinished, template);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another process may have been faster.
    if (!(await exists(template))) throw error;
  }
  return template;
}

async function createTemplate(folder: string): Promise<void> {
  const database = await PGlite.create(folder);
  await database.close();
}

async function readPgliteVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const text = await readFile(join(dirname(entry), '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

if (isProgram(import.meta.url)) {
  const [, , command, folder] = process.argv;
  if (command === CREATE && folder !== undefined) await createTemplate(folder);
  else await runService('database', () => startDatabase(readPort(process.env['PORT'])));
}
