import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Attribute, Resource, Scope, Span } from '@clew/model';
import { encodeTracesJson } from '@clew/protocol';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arbitrarySpans } from '../../packages/protocol/src/testing/arbitrary-span.ts';
import { readOtlp, writeOtlp } from '../../packages/protocol/src/testing/otlp-oracle.ts';
import { runCommand } from '../../packages/server/src/cli/testing/run-command.ts';
import { ClewProcess } from './clew-process.ts';

let folder: string;
let clew: ClewProcess;
let spans: readonly Span[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clew-export-'));
  clew = await ClewProcess.start();
  spans = fc.sample(arbitrarySpans, { numRuns: 15, seed: 7 }).flatMap(withUniqueKeys);
});

afterAll(async () => {
  await clew[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand(args);
  expect(exitCode, stderr).toBe(0);
  return stdout;
}

/** Of a key given twice the last wins; that is not what is tested here. */
function withUniqueKeys(group: readonly Span[]): Span[] {
  const resources = new Map<Resource, Resource>();
  const scopes = new Map<Scope, Scope>();
  return group.map((span) => ({
    ...span,
    attributes: uniqueKeys(span.attributes),
    resource: shareUnique(resources, span.resource),
    scope: shareUnique(scopes, span.scope),
  }));
}

function shareUnique<Owner extends { readonly attributes: readonly Attribute[] }>(
  known: Map<Owner, Owner>,
  owner: Owner,
): Owner {
  const shared = known.get(owner) ?? { ...owner, attributes: uniqueKeys(owner.attributes) };
  known.set(owner, shared);
  return shared;
}

function uniqueKeys(attributes: readonly Attribute[]): Attribute[] {
  return [...new Map(attributes.map((attribute) => [attribute.key, attribute])).values()];
}

interface OtlpGroup {
  readonly resource?: unknown;
  readonly scope?: unknown;
  readonly schemaUrl?: string;
  readonly scopeSpans?: readonly OtlpGroup[];
  readonly spans?: readonly { readonly spanId: string }[];
}

/** Everything that is said of each span, as another implementation reads it, whatever the order and the grouping. */
function describeSpans(request: Uint8Array): unknown[] {
  const { resourceSpans = [] } = readOtlp('ExportTraceServiceRequest', request) as {
    readonly resourceSpans?: readonly OtlpGroup[];
  };
  return resourceSpans
    .flatMap(({ scopeSpans = [], ...resource }) =>
      scopeSpans.flatMap(({ spans = [], ...scope }) =>
        spans.map((span) => ({ resource, scope, span })),
      ),
    )
    .toSorted((a, b) => (a.span.spanId < b.span.spanId ? -1 : 1));
}

function describeJson(json: string): unknown[] {
  const request = JSON.parse(json, (name, value: unknown) =>
    ['traceId', 'spanId', 'parentSpanId'].includes(name)
      ? Buffer.from(value as string, 'hex')
      : value,
  ) as Record<string, unknown>;
  return describeSpans(writeOtlp('ExportTraceServiceRequest', request));
}

test('what was sent is what is exported, in every format, and what is restored elsewhere', async () => {
  const sent = encodeTracesJson(spans);
  const expected = describeJson(sent);
  const original = join(folder, 'sent.json');
  writeFileSync(original, sent);
  const { ui } = clew.addresses;
  expect(await run('import', '--url', ui, original)).toBe(
    `${original}: ${spans.length} spans imported\n`,
  );

  const binary = join(folder, 'spans.binpb');
  const exported = ['export', '--url', ui, '--output'];
  await expect
    .poll(
      async () => {
        await run(...exported, binary, '--format', 'otlp-proto');
        return describeSpans(readFileSync(binary)).length;
      },
      { timeout: 20_000 },
    )
    .toBe(spans.length);
  expect(describeSpans(readFileSync(binary))).toEqual(expected);

  const document = join(folder, 'spans.json.gz');
  await run(...exported, document, '--format', 'otlp-json');
  expect(describeJson(gunzipSync(readFileSync(document)).toString())).toEqual(expected);

  const lines = join(folder, 'spans.jsonl');
  await run(...exported, lines);
  const linesText = readFileSync(lines, 'utf8').trimEnd().split('\n');
  expect(new Set(linesText).size).toBe(new Set(spans.map(({ traceId }) => traceId)).size);
  const fromLines = linesText.flatMap((line) => describeJson(line)) as {
    readonly span: { readonly spanId: string };
  }[];
  expect(fromLines.toSorted((a, b) => (a.span.spanId < b.span.spanId ? -1 : 1))).toEqual(expected);

  const dataDir = join(folder, 'restored');
  await run('import', '--data-dir', dataDir, document);
  const restored = join(folder, 'restored.binpb');
  await run('export', '--data-dir', dataDir, '--format', 'otlp-proto', '--output', restored);
  expect(describeSpans(readFileSync(restored))).toEqual(expected);
}, 120_000);
