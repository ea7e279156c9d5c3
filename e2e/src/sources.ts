import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));

/** What Node needs to run this repository's sources; the working directory must be `ROOT`. */
export const SOURCE_ARGUMENTS: readonly string[] = ['--import', 'tsx', '--conditions=@clew/source'];
