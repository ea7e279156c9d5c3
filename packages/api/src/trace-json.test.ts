import { describe, expect, test } from 'vitest';
import { traceJson } from './trace-json.ts';
import type { AttributeValueJson, SpanJson, TraceJson } from './trace-json.ts';

const span: SpanJson = {
  spanId: 'b7ad6b7169203331',
  traceState: '',
  flags: 1,
  name: 'create-order',
  kind: 'server',
  startUnixNano: '1700000000000000001',
  durationNano: '18446744073709551615',
  status: 'error',
  statusMessage: 'no such user',
  attributes: [],
  droppedAttributesCount: 0,
  events: [],
  droppedEventsCount: 0,
  links: [],
  droppedLinksCount: 0,
  resource: 0,
  scope: 0,
};

function traceOf(changes: Partial<SpanJson>): TraceJson {
  return {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spans: [{ ...span, ...changes }],
    resources: [
      { service: 'order-service', attributes: [], droppedAttributesCount: 0, schemaUrl: '' },
    ],
    scopes: [{ name: '', version: '', attributes: [], droppedAttributesCount: 0, schemaUrl: '' }],
  };
}

describe('traceJson', () => {
  test.each<AttributeValueJson>([
    { type: 'string', value: '500' },
    { type: 'bool', value: false },
    { type: 'int', value: '-9223372036854775808' },
    { type: 'double', value: 0.5 },
    { type: 'double', value: 'NaN' },
    { type: 'bytes', value: 'AAE=' },
    {
      type: 'array',
      value: [
        { type: 'int', value: '1' },
        { type: 'array', value: [] },
      ],
    },
    { type: 'map', value: [{ key: 'k', value: { type: 'map', value: [] } }] },
    { type: 'empty' },
  ])('carries the value %j unchanged', (value) => {
    const trace = traceOf({ attributes: [{ key: 'k', value }] });
    expect(traceJson.parse(JSON.parse(JSON.stringify(trace)))).toEqual(trace);
  });

  test.each([
    ['a 64-bit number as a JSON number', { startUnixNano: 1 as unknown as string }],
    ['an id in capitals', { spanId: 'B7AD6B7169203331' }],
    ['an unknown kind', { kind: 'rpc' as SpanJson['kind'] }],
  ])('refuses %s', (_, changes) => {
    expect(traceJson.safeParse(traceOf(changes)).success).toBe(false);
  });
});
