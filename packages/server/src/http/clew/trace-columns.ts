import {
  TRACE_COLUMNS_MAGIC,
  TRACE_COLUMNS_PREAMBLE_BYTES,
  TRACE_COLUMNS_VERSION,
  TRACE_COLUMN_BYTES,
} from '@clew/api';
import type { TraceColumnName, TraceColumnsHeader } from '@clew/api';
import type { TraceColumns } from '@clew/model';

const NAMES = Object.keys(TRACE_COLUMN_BYTES) as readonly TraceColumnName[];

/**
 * The bytes that `decodeTraceColumns` of the API reads: what is in front of the columns, and then each column, where it lies in
 * memory.
 */
export function* encodeTraceColumns(columns: TraceColumns): Generator<Uint8Array<ArrayBuffer>> {
  let end = 0;
  const offsets: Partial<Record<TraceColumnName, number>> = {};
  for (const name of NAMES) {
    offsets[name] = end;
    end = alignUp(end + columns[name].byteLength);
  }
  yield encodeHead({
    traceId: columns.traceId,
    startUnixNano: columns.startUnixNano.toString(),
    spanCount: columns.spanCount,
    eventCount: columns.eventTimesNs.length,
    missingParentCount: columns.missingParentCount,
    services: columns.services,
    names: columns.names,
    eventNames: columns.eventNames,
    offsets: offsets as TraceColumnsHeader['offsets'],
  });
  for (const name of NAMES) {
    const { buffer, byteOffset, byteLength } = columns[name];
    yield new Uint8Array(buffer, byteOffset, byteLength);
    yield new Uint8Array(alignUp(byteLength) - byteLength);
  }
}

/** The preamble and the header. */
function encodeHead(header: TraceColumnsHeader): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = alignUp(json.length);
  const head = new Uint8Array(TRACE_COLUMNS_PREAMBLE_BYTES + headerLength);
  head.set(TRACE_COLUMNS_MAGIC);
  const view = new DataView(head.buffer);
  view.setUint32(4, TRACE_COLUMNS_VERSION, true);
  view.setUint32(8, headerLength, true);
  head.fill(0x20, TRACE_COLUMNS_PREAMBLE_BYTES);
  head.set(json, TRACE_COLUMNS_PREAMBLE_BYTES);
  return head;
}

function alignUp(byteLength: number): number {
  return Math.ceil(byteLength / 8) * 8;
}
