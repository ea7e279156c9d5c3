import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, minifySync } from 'vite';

/** What minified code imports with its first byte; `import()` is left out. */
const STATIC_IMPORT = /(?:^|[;}])(?:import|export)\b[^;"()]*?"(\.\/[^"]+)"/g;

/** The minified code of a built entry and of all files that it loads statically: what a program has to parse before it runs. */
export async function readStaticCode(entry: string): Promise<string> {
  const codes = new Map<string, string>();
  const read = async (file: string): Promise<void> => {
    if (codes.has(file)) return;
    const { code } = minifySync(file, await readFile(file, 'utf8'), { module: true });
    codes.set(file, code);
    for (const match of code.matchAll(STATIC_IMPORT)) {
      await read(join(dirname(file), match[1] ?? ''));
    }
  };
  await read(entry);
  return [...codes.values()].join('\n');
}

/** All that a page loads of an entry, with what it imports, as an application's bundler makes it: in one file, minified. */
export async function bundle(entry: string): Promise<string> {
  const output = await build({
    root: dirname(entry),
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      rolldownOptions: { input: entry, preserveEntrySignatures: 'strict' },
    },
  });
  const [result] = [output].flat();
  const chunk = result !== undefined && 'output' in result ? result.output[0] : undefined;
  if (chunk?.type !== 'chunk') throw new Error(`not bundled: ${entry}`);
  return chunk.code;
}
