import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { diag } from '@opentelemetry/api';
import { listInstrumentations } from './list-instrumentations.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const ALL = '@opentelemetry/auto-instrumentations-node';
const HOOK = '@opentelemetry/instrumentation/hook.mjs';

/**
 * Switches on the instrumentations that a program has installed: all of `@opentelemetry/auto-instrumentations-node` when that is
 * there, and those that its `package.json` names besides. They are looked for above the first file of the program, and above the
 * others of `files` while nothing is found. One that cannot be loaded is told and left out.
 */
export async function loadInstrumentations(
  files: readonly string[],
  env: Environment,
): Promise<void> {
  for (const file of files) {
    const { all, others } = findInstrumentations(file, env);
    if (all === undefined && others.length === 0) continue;
    hookImports([file, ...others, ...(all === undefined ? [] : [all])]);
    for (const other of others) await tryLoad(other, startAll);
    if (all !== undefined) await tryLoad(all, startFromList);
    return;
  }
}

interface FoundInstrumentations {
  readonly all: string | undefined;
  /** Those that are not among `all`. */
  readonly others: readonly string[];
}

function findInstrumentations(file: string, env: Environment): FoundInstrumentations {
  const { resolve } = createRequire(file);
  const all = tryResolve(resolve, ALL);
  const bundled = new Set(all === undefined ? [] : listInstrumentations(all, {}));
  const names = listInstrumentations(file, env).filter((name) => !bundled.has(name));
  return { all, others: names.flatMap((name) => tryResolve(resolve, name) ?? []) };
}

/**
 * What a program loads with `import` can only be instrumented by a hook of Node's loader, which has to be there before. It is
 * taken from where the first of these files finds it.
 */
function hookImports(files: readonly string[]): void {
  for (const file of files) {
    const hook = tryResolve(createRequire(file).resolve, HOOK);
    if (hook === undefined) continue;
    register(pathToFileURL(hook).href, import.meta.url);
    return;
  }
  diag.warn(
    'clew: without @opentelemetry/instrumentation only what is loaded with require() is instrumented',
  );
}

function tryResolve(resolve: (name: string) => string, name: string): string | undefined {
  try {
    return resolve(name);
  } catch {
    return undefined; // It is not installed.
  }
}

async function tryLoad(
  file: string,
  start: (exports: Readonly<Record<string, unknown>>) => void,
): Promise<void> {
  try {
    const exports: unknown = await import(pathToFileURL(file).href);
    start(exports as Readonly<Record<string, unknown>>);
  } catch (cause) {
    diag.warn(`clew: an instrumentation cannot be used: ${file}: ${String(cause)}`);
  }
}

/** Every instrumentation that a package exports; making one switches it on. */
function startAll(exports: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(exports)) {
    if (name.endsWith('Instrumentation') && typeof value === 'function') {
      Reflect.construct(value, []);
    }
  }
}

function startFromList(exports: Readonly<Record<string, unknown>>): void {
  const create = exports['getNodeAutoInstrumentations'];
  if (typeof create === 'function') Reflect.apply(create, undefined, []);
}
