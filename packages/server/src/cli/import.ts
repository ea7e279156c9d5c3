import { TRACE_FILE_FORMATS } from '@clew/protocol';
import type { TraceFileFormat } from '@clew/protocol';
import { Command, Option } from 'commander';
import { CommandError } from './command-error.ts';
import { addConnectionOptions, connect } from './connection.ts';
import type { ConnectionFlags } from './connection.ts';
import { importFile } from './import/import-file.ts';
import type { FileReport } from './import/import-file.ts';
import { openTraceFile } from './import/trace-file.ts';
import type { TraceFile } from './import/trace-file.ts';
import { TraceUploader } from './import/trace-uploader.ts';
import type { UploadCounts } from './import/trace-uploader.ts';
import { startProgress } from './progress.ts';

interface ImportFlags extends ConnectionFlags {
  readonly format?: TraceFileFormat;
}

/** `clew import`: sends the spans of files to a server. */
export function createImportCommand(): Command {
  const command = new Command('import')
    .description('send the spans of files to a server')
    .argument('<file...>', 'files to read; - for standard input')
    .addOption(
      new Option(
        '--format <format>',
        'what the files are, when their content does not tell',
      ).choices(TRACE_FILE_FORMATS),
    )
    .addHelpText('after', HELP_TAIL);
  return addConnectionOptions(command).action((paths: readonly string[], flags: ImportFlags) =>
    importFiles(paths, flags),
  );
}

const HELP_TAIL = `
Reads OTLP JSON (a document, or a request a line), OTLP protobuf (a request, or requests with their length in front),
Jaeger UI JSON and Zipkin v2 JSON, each plain or compressed with gzip. A span that is imported twice is shown once.
Spans that are older than the server's --retention are dropped again within hours: raise it before.

Examples:
  clew import traces.json spans.jsonl.gz
  clew import --url http://clew.example:16686 traces.json
  kubectl exec collector -- cat /var/traces.jsonl | clew import -
  clew import --data-dir ./clew-data traces.json          while no server runs

Exits with 1 when a file could not be read to its end or the server did not take its spans.`;

async function importFiles(paths: readonly string[], flags: ImportFlags): Promise<void> {
  const connection = await connect(flags);
  try {
    const totals = new Totals(paths.length);
    for (const path of paths) {
      const uploader = createUploader(connection.baseUrl);
      const report = await importPath(path, uploader, flags.format);
      totals.add(report);
      printReport(report);
    }
    totals.finish();
  } finally {
    await connection[Symbol.asyncDispose]();
  }
}

interface Upload {
  readonly uploader: TraceUploader;
  /** Where the uploader says that it waits. */
  readonly onWait: { current: (reason: string) => void };
}

function createUploader(baseUrl: string): Upload {
  const onWait: Upload['onWait'] = { current: () => undefined };
  const uploader = new TraceUploader({ baseUrl, onWait: (reason) => onWait.current(reason) });
  return { uploader, onWait };
}

async function importPath(
  path: string,
  { uploader, onWait }: Upload,
  format: TraceFileFormat | undefined,
): Promise<FileReport> {
  const file = await openTraceFile(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error) return error.message;
    throw error;
  });
  if (typeof file === 'string') return reportUnread(path, file);
  const progress = startProgress(file.name, file.sizeBytes);
  onWait.current = (reason) => progress.wait(reason);
  const onProgress = (): void =>
    progress.update(file.readBytes(), formatSpans(uploader.counts.importedSpans));
  try {
    return await importFile(file, { format, uploader, onProgress });
  } catch (error) {
    progress.stop();
    if (error instanceof CommandError) printBrokenOff(file, uploader.counts);
    throw error;
  } finally {
    progress.stop();
  }
}

function reportUnread(name: string, problem: string): FileReport {
  return {
    name,
    importedSpans: 0,
    refusedSpans: 0,
    reasons: [],
    problems: [problem],
    problemCount: 1,
  };
}

function printReport(report: FileReport): void {
  const { name, importedSpans, refusedSpans, reasons, problems, problemCount } = report;
  for (const problem of problems) process.stderr.write(`clew: ${name}: ${problem}\n`);
  const unlisted = problemCount - problems.length;
  if (unlisted > 0) process.stderr.write(`clew: ${name}: ${unlisted} more such parts\n`);
  for (const reason of reasons) process.stderr.write(`clew: ${name}: refused: ${reason}\n`);
  const partly = problemCount > 0 ? ', not read completely' : '';
  process.stdout.write(`${name}: ${formatCounts(importedSpans, refusedSpans)}${partly}\n`);
}

/** The server takes no more: what it has is worth knowing. */
function printBrokenOff({ name }: TraceFile, { importedSpans, refusedSpans }: UploadCounts): void {
  const counts = formatCounts(importedSpans, refusedSpans);
  process.stdout.write(`${name}: ${counts}, not read completely\n`);
}

function formatCounts(importedSpans: number, refusedSpans: number): string {
  const refused = refusedSpans === 0 ? '' : `, ${formatSpans(refusedSpans)} refused`;
  return `${formatSpans(importedSpans)} imported${refused}`;
}

function formatSpans(count: number): string {
  return `${count} ${count === 1 ? 'span' : 'spans'}`;
}

/** What all files come to. */
class Totals {
  readonly #fileCount: number;
  #incompleteFiles = 0;
  #importedSpans = 0;
  #refusedSpans = 0;

  constructor(fileCount: number) {
    this.#fileCount = fileCount;
  }

  add({ importedSpans, refusedSpans, problemCount }: FileReport): void {
    this.#importedSpans += importedSpans;
    this.#refusedSpans += refusedSpans;
    if (problemCount > 0) this.#incompleteFiles++;
  }

  /** Throws when something was not read. */
  finish(): void {
    if (this.#fileCount > 1) {
      const counts = formatCounts(this.#importedSpans, this.#refusedSpans);
      process.stdout.write(`${this.#fileCount} files: ${counts}\n`);
    }
    if (this.#incompleteFiles === 0) return;
    const files = this.#fileCount === 1 ? 'the file' : `${this.#incompleteFiles} of the files`;
    throw new CommandError(`${files} could not be read completely; what could was imported`);
  }
}
