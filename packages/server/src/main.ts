#!/usr/bin/env node
import { runCommandLine } from './cli/command-line.ts';
import { flushOutput } from './cli/flush-output.ts';

const exitCode = await runCommandLine(process.argv);
await flushOutput([process.stdout, process.stderr]);
// The engine's threads would keep the process alive after everything has been closed.
process.exit(exitCode);
