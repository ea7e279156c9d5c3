#!/usr/bin/env node
import { runCommandLine } from './cli/command-line.ts';

// The engine's threads would keep the process alive after everything has been closed.
process.exit(await runCommandLine(process.argv));
