/**
 * Traces that are kept for ever: copies of their own, with all that their spans refer to, so that they need nothing that retention
 * drops. Each is a few parts of some thousand spans, as OTLP. Which there are is few and known in memory, so that reading any other
 * trace costs nothing more.
 */
import { randomUUID } from 'node:crypto';
import { unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ByteColumn, SpanBlock } from '@clew/model';
import type { Clock, Span, TraceId } from '@clew/model';
import {
  NO_DECODE_LIMITS,
  decodeTracesProtobuf,
  encodeTracesProtobuf,
  readSpans,
} from '@clew/protocol';
import { NativeWriter } from '../../native/native-writer.ts';
import type { Structure } from '../../native/structures.ts';
import { bytesOf } from '../../rollup/bytes.ts';
import { diskError } from '../../segment/disk.ts';
import type { TraceRequest } from '../../span-store.ts';
import type { Engine } from '../engine/engine.ts';
import { RowBinaryReader } from '../engine/row-binary-reader.ts';
import { bytesLiteral, integerLiteral, sql, textLiteral } from '../engine/sql.ts';

export interface TraceArchiveOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  /** For what lives only while it is inserted. */
  readonly directory: string;
}

const STRUCTURE: Structure = {
  tenant: 'LowCardinality(String)',
  trace_id: 'FixedString(16)',
  part: 'UInt32',
  span_count: 'UInt32',
  archived_ms: 'UInt64',
  spans: 'String',
};

export class TraceArchive {
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #directory: string;
  /** Read when first asked for. */
  #traces: Promise<Map<string, ArchivedTrace>> | undefined;

  constructor({ engine, clock, directory }: TraceArchiveOptions) {
    this.#engine = engine;
    this.#clock = clock;
    this.#directory = directory;
  }

  /** Of a trace that is archived; undefined of any other. */
  async spanCount({ tenant, traceId }: TraceRequest): Promise<number | undefined> {
    return (await this.#known()).get(keyOf(tenant, traceId))?.spanCount;
  }

  /** Replaces what was archived of the trace before; gives the number of spans. On the disk when it resolves. */
  async keep(
    { tenant, traceId, signal }: TraceRequest,
    chunks: AsyncIterable<readonly Span[]>,
  ): Promise<number> {
    const archivedMs = this.#clock.nowMs();
    let part = 0;
    let spanCount = 0;
    for await (const spans of chunks) {
      signal?.throwIfAborted();
      await this.#insert({ tenant, traceId, part, spans, archivedMs });
      part++;
      spanCount += spans.length;
    }
    if (spanCount === 0) return 0;
    const known = await this.#known();
    const earlier = known.get(keyOf(tenant, traceId));
    if (earlier !== undefined && earlier.partCount > part) {
      await this.#engine.execute(
        sql`DELETE FROM archived_traces WHERE ${isTrace(tenant, traceId)} AND part >= ${integerLiteral(part)}`,
      );
    }
    known.set(keyOf(tenant, traceId), { spanCount, partCount: part });
    return spanCount;
  }

  /** Some thousand spans at a time, in the order in which they were kept. */
  async *read({ tenant, traceId, signal }: TraceRequest): AsyncGenerator<readonly Span[]> {
    const ask = (part: number) =>
      this.#engine.read(
        sql`
SELECT spans
FROM archived_traces FINAL
WHERE ${isTrace(tenant, traceId)} AND part = ${integerLiteral(part)}`,
        { signal },
      );
    const { partCount = 0 } = (await this.#known()).get(keyOf(tenant, traceId)) ?? {};
    for (let part = 0; part < partCount; part++) {
      const reader = new RowBinaryReader(await ask(part));
      // Removed meanwhile.
      if (reader.isAtEnd) return;
      const block = new SpanBlock(tenant);
      decodeTracesProtobuf(reader.bytes(), block, NO_DECODE_LIMITS);
      yield readSpans(block);
    }
  }

  /** Gives whether there was any. */
  async remove({ tenant, traceId }: TraceRequest): Promise<boolean> {
    const known = await this.#known();
    if (!known.has(keyOf(tenant, traceId))) return false;
    await this.#engine.execute(sql`DELETE FROM archived_traces WHERE ${isTrace(tenant, traceId)}`);
    return known.delete(keyOf(tenant, traceId));
  }

  #known(): Promise<Map<string, ArchivedTrace>> {
    const reading = this.#traces ?? this.#readKnown();
    this.#traces = reading;
    reading.catch(() => (this.#traces = undefined));
    return reading;
  }

  async #readKnown(): Promise<Map<string, ArchivedTrace>> {
    const answer = await this.#engine.read(
      sql`SELECT tenant, trace_id, sum(span_count), count() FROM archived_traces FINAL GROUP BY tenant, trace_id`,
      { isOwn: true },
    );
    const reader = new RowBinaryReader(answer);
    const rows = reader.rows((): [string, ArchivedTrace] => {
      const key = keyOf(reader.text(), reader.hex(16) as TraceId);
      return [key, { spanCount: Number(reader.uint64()), partCount: Number(reader.uint64()) }];
    });
    return new Map(rows);
  }

  async #insert(chunk: ArchivedChunk): Promise<void> {
    const token = randomUUID();
    const path = join(this.#directory, `${token}.archive.native`);
    await writeFile(path, encodeChunk(chunk)).catch((cause: unknown) => {
      throw diskError('write', path, cause);
    });
    try {
      const table = 'archived_traces';
      await this.#engine.insertFile({
        path,
        token,
        table,
        structure: STRUCTURE,
        affectedTables: [table],
      });
    } finally {
      await unlink(path);
    }
  }
}

interface ArchivedTrace {
  readonly spanCount: number;
  readonly partCount: number;
}

interface ArchivedChunk {
  readonly tenant: string;
  readonly traceId: TraceId;
  readonly part: number;
  readonly spans: readonly Span[];
  readonly archivedMs: number;
}

function encodeChunk({ tenant, traceId, part, spans, archivedMs }: ArchivedChunk): Uint8Array {
  const writer = new NativeWriter();
  writer.begin(Object.keys(STRUCTURE).length, 1);
  writer.constant('tenant', Buffer.from(tenant), 1);
  writer.plain('trace_id', 'FixedString(16)', Buffer.from(traceId, 'hex'));
  writer.plain('part', 'UInt32', bytesOf(Uint32Array.of(part)));
  writer.plain('span_count', 'UInt32', bytesOf(Uint32Array.of(spans.length)));
  writer.plain('archived_ms', 'UInt64', bytesOf(BigUint64Array.of(BigInt(archivedMs))));
  writer.plain('spans', 'String', stringOf(encodeTracesProtobuf(spans)));
  return writer.seal(0);
}

/** With its length in front. */
function stringOf(value: Uint8Array): Uint8Array {
  const column = new ByteColumn(value.length + 8);
  column.pushString(value, 0, value.length);
  return column.bytes;
}

function isTrace(tenant: string, traceId: TraceId) {
  return sql`tenant = ${textLiteral(tenant)} AND trace_id = ${bytesLiteral(traceId)}`;
}

function keyOf(tenant: string, traceId: TraceId): string {
  return `${traceId} ${tenant}`;
}
