import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SpanBlock } from '@clew/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEmbeddedEngine } from '../clickhouse/engine/embedded-engine.ts';
import type { Engine } from '../clickhouse/engine/engine.ts';
import { RowBinaryReader } from '../clickhouse/engine/row-binary-reader.ts';
import { Sql, textLiteral } from '../clickhouse/engine/sql.ts';
import { makeDirectory, removeDirectory } from '../testing/directories.ts';
import { placeBlock } from '../testing/place-block.ts';
import { encodeSpans } from './encode-spans.ts';
import { NativeWriter } from './native-writer.ts';
import { SPAN_STRUCTURE } from './structures.ts';

const KEPT = { first: 0, last: 4_000_000_000 };

/** Spans pushed column by column: names `n<row>`, and an attribute whose key has `keyCount` different values. */
function numberedBlock(rowCount: number, keyCount: number): SpanBlock {
  const block = new SpanBlock('numbers');
  const encoder = new TextEncoder();
  for (let row = 0; row < rowCount; row++) {
    block.traceIds.pushZeros(16);
    block.spanIds.pushZeros(8);
    block.parentSpanIds.pushZeros(8);
    block.startUnixNano.push(row, 0);
    block.durationNano.push(0, row);
    block.service.pushText('s');
    block.name.pushText(`n${row}`);
    block.kinds.pushByte(row % 6);
    block.statuses.pushByte(row % 3);
    block.statusMessage.pushText('');
    block.traceState.pushText('');
    block.flags.push(row);
    block.weights.push(row / 2);
    block.resourceIds.push(row, row);
    block.scopeIds.push(0, 0);
    block.droppedAttributesCounts.push(0);
    block.events.pushLength(0);
    block.droppedEventsCounts.push(0);
    block.links.pushLength(0);
    block.droppedLinksCounts.push(0);
    const value = encoder.encode(`v${row}`);
    block.attributes.string.keys.pushText(`k${row % keyCount}`);
    block.attributes.string.values.pushString(value, 0, value.length);
    if (row % 2 === 1) {
      block.attributes.int.keys.pushText('odd');
      block.attributes.int.values.pushBigint(-BigInt(row));
    }
    block.endSpan();
  }
  return block;
}

describe('a block in the format Native', () => {
  let directory: string;
  let engine: Engine;

  beforeAll(async () => {
    directory = await makeDirectory();
    engine = await openEmbeddedEngine({
      directory: join(directory, 'engine'),
      configFile: join(directory, 'engine.xml'),
      queryTimeoutMs: 30_000,
      queryMemoryBytes: 1e9,
      queryMaxRows: 0,
    });
  });

  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await removeDirectory(directory);
  });

  /** Asks the engine about files of blocks, and reads one number. */
  async function count(blocks: readonly SpanBlock[], condition: string): Promise<bigint> {
    const writer = new NativeWriter();
    const bytes = blocks.map((block) => {
      encodeSpans(writer, block, placeBlock(block, KEPT));
      return writer.seal(1);
    });
    const path = join(directory, 'blocks.native');
    await writeFile(path, bytes);
    const structure = Object.entries(SPAN_STRUCTURE).map(([name, type]) => `${name} ${type}`);
    const statement = `
SELECT countIf(${condition})
FROM (SELECT * FROM file('${path}', Native, ${textLiteral(structure.join(', ')).text}))`;
    return new RowBinaryReader(await engine.read(new Sql(statement))).uint64();
  }

  /** What is true of every row of `numberedBlock`. */
  const isRow = (keyCount: number): string => `
    tenant = 'numbers' AND service = 's' AND name = 'n' || toString(start_unix_nano)
    AND duration_nano = start_unix_nano * 4294967296 AND kind = start_unix_nano % 6
    AND status = start_unix_nano % 3
    AND weight = toFloat32(start_unix_nano / 2)
    AND resource_id = start_unix_nano * 4294967297
    AND attr_string = map('k' || toString(start_unix_nano % ${keyCount}), 'v' || toString(start_unix_nano))
    AND attr_int = if(start_unix_nano % 2 = 1, map('odd', -toInt64(start_unix_nano)), map())
    AND empty(attr_double) AND empty(attr_bool) AND empty(attr_complex)
    AND length(rest) <= 5 AND partition_time = toDateTime(0, 'UTC') AND NOT start_clamped`;

  test.each([
    [1, 1],
    [255, 255],
    [256, 256],
    [70_000, 300],
    [70_000, 70_000],
  ])('is read by the engine row by row: %i rows, %i keys', async (rowCount, keyCount) => {
    const block = numberedBlock(rowCount, keyCount);
    expect(await count([block], isRow(keyCount))).toBe(BigInt(rowCount));
  });

  test('may be followed by others', async () => {
    const blocks = [numberedBlock(3, 2), numberedBlock(500, 2), numberedBlock(1, 2)];
    expect(await count(blocks, isRow(2))).toBe(504n);
  });

  test('is followed by one from the same writer that is not larger', async () => {
    const blocks = [numberedBlock(500, 1), numberedBlock(2, 1)];
    expect(await count(blocks, isRow(1))).toBe(502n);
  });
});
