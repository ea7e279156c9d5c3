/**
 * `TraceByIDResponse` in protobuf, whose trace is OTLP's `ExportTraceServiceRequest` under another name.
 *
 *   1  trace    Trace             length-delimited
 *   2  metrics  TraceByIDMetrics  length-delimited
 *   3  status   PartialStatus     varint
 *   4  message  string            length-delimited
 */
import { WireWriter } from '../wire/writer.ts';

/**
 * The trace field of a response, from pieces that are messages of the trace. Fields one after the other are one field, but not
 * every decoder knows that, so what is not huge is better put into one.
 */
export function encodeTempoTraceField(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const head = new WireWriter(16);
  head.writeVarint(0x0a);
  head.writeVarint(length);
  const start = head.bytes;
  const field = new Uint8Array(start.length + length);
  field.set(start);
  let at = start.length;
  for (const piece of pieces) {
    field.set(piece, at);
    at += piece.length;
  }
  return field;
}

/** The metrics field of a response, of which there is nothing to tell. */
export const TEMPO_NO_METRICS_FIELD: Uint8Array<ArrayBuffer> = Uint8Array.of(0x12, 0);
