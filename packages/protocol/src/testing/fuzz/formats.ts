import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SpanBlock } from '@clew/model';
import { decodeJaegerJson } from '../../jaeger/decode-json.ts';
import { decodeJaegerPostSpans } from '../../jaeger/decode-protobuf.ts';
import { decodeJaegerAgentMessage, decodeJaegerThrift } from '../../jaeger/decode-thrift.ts';
import { decodeTracesJson } from '../../otlp/decode-json.ts';
import { decodeTracesProtobuf } from '../../otlp/decode.ts';
import { appendSpans } from '../../otlp/from-model.ts';
import { decodeZipkinJson } from '../../zipkin/decode-json.ts';
import { decodeZipkinProtobuf } from '../../zipkin/decode-protobuf.ts';
import { decodeZipkinV1Json } from '../../zipkin/decode-v1-json.ts';
import { decodeZipkinV1Thrift } from '../../zipkin/decode-v1-thrift.ts';

/** A decoder to try, and the recorded payloads (paths below `testdata`) that its inputs are made of. */
export interface FuzzFormat {
  readonly name: string;
  readonly seeds: RegExp;
  decode(bytes: Uint8Array, block: SpanBlock): unknown;
}

/** A decoder whose format nobody has recorded yet is tried with what was recorded of others. */
export const FUZZ_FORMATS: readonly FuzzFormat[] = [
  { name: 'otlp-protobuf', seeds: /^otlp\/.*\.bin$/, decode: decodeTracesProtobuf },
  { name: 'otlp-json', seeds: /^otlp\/.*(?<!\.dump)\.json$/, decode: decodeTracesJson },
  { name: 'jaeger-grpc', seeds: /\.grpc\.bin$/, decode: decodeJaegerPostSpans },
  { name: 'jaeger-http', seeds: /^jaeger\/.*\.http\.bin$/, decode: decodeJaegerThrift },
  {
    name: 'jaeger-udp-compact',
    seeds: /\.udp-compact\.bin$/,
    decode: (bytes, block) => decodeJaegerAgentMessage(bytes, block, { encoding: 'compact' }),
  },
  {
    name: 'jaeger-udp-binary',
    seeds: /\.udp-binary\.bin$/,
    decode: (bytes, block) => decodeJaegerAgentMessage(bytes, block, { encoding: 'binary' }),
  },
  {
    name: 'jaeger-json',
    seeds: /^jaeger\/.*\.ui\.json$/,
    decode: (bytes, block) => appendSpans(block, decodeJaegerJson(bytes)),
  },
  { name: 'zipkin-v2-json', seeds: /\.v2\.json$/, decode: decodeZipkinJson },
  { name: 'zipkin-v1-json', seeds: /\.v1\.json$/, decode: decodeZipkinV1Json },
  { name: 'zipkin-protobuf', seeds: /^zipkin\/.*\.proto\.bin$/, decode: decodeZipkinProtobuf },
  { name: 'zipkin-v1-thrift', seeds: /^zipkin\/.*\.thrift\.bin$/, decode: decodeZipkinV1Thrift },
];

/** The payloads of a format; all recorded ones when there are none. */
export function readSeeds({ seeds }: FuzzFormat): Uint8Array[] {
  const root = fileURLToPath(new URL('../../../testdata/', import.meta.url));
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.(bin|json)$/.test(path) && !path.endsWith('.dump.json'));
  const own = paths.filter((path) => seeds.test(path));
  return (own.length > 0 ? own : paths).map((path) => new Uint8Array(readFileSync(root + path)));
}
