/**
 * A process that takes OTLP over HTTP and counts spans by walking the lengths of the protobuf messages: the cheapest receiver that
 * can tell whether a span is missing. `GET /` answers with the count.
 */
import http from 'node:http';

let spanCount = 0;

const server = http.createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(String(spanCount));
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    spanCount += countSpans(Buffer.concat(chunks));
    response.end();
  });
});
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
process.on('disconnect', () => process.exit());

/** ExportTraceServiceRequest.resource_spans = 1, ResourceSpans.scope_spans = 2, ScopeSpans.spans = 2. */
function countSpans(bytes: Buffer): number {
  let count = 0;
  for (const resource of fieldsOf(bytes, 1)) {
    for (const scope of fieldsOf(resource, 2)) count += fieldsOf(scope, 2).length;
  }
  return count;
}

/** The length-delimited fields of a number in a message; there are no others at these levels. */
function fieldsOf(message: Buffer, number: number): readonly Buffer[] {
  const fields: Buffer[] = [];
  for (let at = 0; at < message.length;) {
    const tag = message[at++] ?? 0;
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++] ?? 0;
      length |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    if (tag === ((number << 3) | 2)) fields.push(message.subarray(at, at + length));
    at += length;
  }
  return fields;
}
