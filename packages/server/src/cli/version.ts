import { readFileSync } from 'node:fs';
import { Command } from 'commander';

/** `clew version`: which Clew, on which Node and platform. */
export function createVersionCommand(): Command {
  return new Command('version').description('print the version').action(() => {
    const { version, platform, arch } = process;
    process.stdout.write(`clew ${readVersion()} (node ${version}, ${platform} ${arch})\n`);
  });
}

/** The package's version, read from its manifest, which lies two folders above both `src/cli` and `dist/cli`. */
export function readVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return (manifest as { readonly version: string }).version;
}
