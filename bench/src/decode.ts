import { SpanBlock } from '@clew/model';
import { decodeTracesProtobuf } from '@clew/protocol';
import { createTemplates } from './load/request-template.ts';

export interface DecodeOptions {
  readonly spans: number;
  readonly seconds: number;
}

const TEMPLATES = 4;
const WARM_UP_REQUESTS = 200;

/**
 * `otlp/decode`: the requests of the ingest benchmark, stamped anew each time, from bytes into columns. The clock runs
 * only while decoding, and a block is made for each request, as receivers do.
 */
export function benchDecode(options: DecodeOptions): void {
  const templates = createTemplates(TEMPLATES, options.spans);
  let request = 0;
  const decodeNext = (): number => {
    const template = templates[request % TEMPLATES];
    if (template === undefined) throw new Error('there is no template');
    template.stamp({ seed: 1, request: request++, nowUnixMs: Date.now() });
    const before = process.cpuUsage();
    const start = performance.now();
    const block = new SpanBlock('default');
    decodeTracesProtobuf(template.bytes, block);
    const elapsedMs = performance.now() - start;
    const { user, system } = process.cpuUsage(before);
    cpuMicros += user + system;
    if (block.spanCount !== template.spanCount) throw new Error('spans were refused');
    bytes += template.bytes.length;
    spans += block.spanCount;
    return elapsedMs;
  };
  let cpuMicros = 0;
  let bytes = 0;
  let spans = 0;
  for (let i = 0; i < WARM_UP_REQUESTS; i++) decodeNext();

  cpuMicros = 0;
  bytes = 0;
  spans = 0;
  let elapsedMs = 0;
  while (elapsedMs < options.seconds * 1000) elapsedMs += decodeNext();
  console.log(
    [
      `otlp/decode/${options.spans}-spans`,
      `${Math.round(spans / (elapsedMs / 1000)).toLocaleString('en')} spans/s`,
      `${(cpuMicros / spans).toFixed(2)} µs CPU a span`,
      `${Math.round(bytes / spans)} bytes a span`,
    ].join('  '),
  );
}
