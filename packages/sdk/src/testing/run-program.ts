import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From its first output to its end. */
  readonly tookMs: number;
}

const TSX = createRequire(import.meta.url).resolve('tsx');

/**
 * Runs lines of a module in a process of their own; `from('x.ts')` in them imports a module of this package's `src`.
 * `onOutput` is called with the first thing the program prints, to do something to it at the right time.
 */
export function runProgram(
  lines: string,
  onOutput?: (kill: (signal: NodeJS.Signals) => void) => void,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<ProgramEnd> {
  const base = new URL('..', import.meta.url).href;
  const program = `const from = (path) => import('${base}' + path);\n${lines}`;
  const args = ['--conditions=@clew/source', '--import', TSX, '--input-type=module', '-e', program];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env });
    let stdout = '';
    let stderr = '';
    let startMs = performance.now();
    child.stdout.on('data', (chunk: Buffer) => {
      if (stdout === '') {
        startMs = performance.now();
        onOutput?.((signal) => void child.kill(signal));
      }
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr, tookMs: performance.now() - startMs });
    });
  });
}
