import { DecodeError } from '@clew/model';
import type { Span } from '@clew/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitrarySpans } from '../testing/arbitrary-span.ts';
import { decode, encodeRequest, spanMessage } from '../testing/requests.ts';
import { encodeTracesProtobuf } from './encode.ts';
import { TraceRequestPacker, countSpans } from './trace-request-packer.ts';
import type { PackLimits, PackedTraces } from './trace-request-packer.ts';

function pack(requests: readonly Uint8Array[], limits: Partial<PackLimits> = {}): PackedTraces[] {
  const packer = new TraceRequestPacker({ maxBytes: 2 ** 20, maxSpans: 1000, ...limits });
  const packed = requests.flatMap((request) => packer.add(request));
  return [...packed, packer.flush()].filter((each) => each !== undefined);
}

function spansOf(packed: readonly PackedTraces[]): Span[] {
  return packed.flatMap(({ bytes }) => [...decode(bytes).spans]);
}

const names = (spans: readonly Span[]): string[] => spans.map(({ name }) => name);

function request(...spanNames: readonly string[]): Uint8Array {
  return encodeRequest(spanNames.map((name) => spanMessage({ name })));
}

describe('TraceRequestPacker', () => {
  test('loses nothing of any span, wherever it cuts', () => {
    fc.assert(
      fc.property(
        fc.array(arbitrarySpans, { maxLength: 4 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5000 }),
        (requests, maxSpans, maxBytes) => {
          const packed = pack(requests.map(encodeTracesProtobuf), { maxSpans, maxBytes });
          expect(spansOf(packed)).toEqual(requests.flat());
          for (const { bytes, spanCount } of packed) {
            expect(decode(bytes).spans).toHaveLength(spanCount);
            expect(spanCount).toBeLessThanOrEqual(maxSpans);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('puts small requests together and takes large ones apart', () => {
    expect(pack([request('a'), request('b', 'c')]).map(({ spanCount }) => spanCount)).toEqual([3]);
    const packed = pack([request('a', 'b', 'c', 'd', 'e')], { maxSpans: 2 });
    expect(packed.map(({ spanCount }) => spanCount)).toEqual([2, 2, 1]);
    expect(names(spansOf(packed))).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('sends a span that is larger than a request alone', () => {
    const large = 'x'.repeat(3000);
    const packed = pack([request('a', large, 'b')], { maxBytes: 1000 });
    expect(packed.map(({ bytes }) => names(decode(bytes).spans))).toEqual([['a'], [large], ['b']]);
  });

  test('takes nothing of a malformed request and goes on with the next', () => {
    const packer = new TraceRequestPacker({ maxBytes: 2 ** 20, maxSpans: 1 });
    expect(packer.add(request('a'))).toEqual([]);
    expect(() => packer.add(request('b', 'c').subarray(0, -3))).toThrow(DecodeError);
    expect(packer.add(request('d'))).toHaveLength(1);
    const last = packer.flush();
    expect(names(spansOf(last === undefined ? [] : [last]))).toEqual(['d']);
    expect(packer.flush()).toBeUndefined();
  });

  test('has nothing to give for requests without spans', () => {
    expect(pack([new Uint8Array(), encodeRequest([])])).toEqual([]);
  });
});

test('countSpans counts across groups', () => {
  expect(countSpans(Buffer.concat([request('a', 'b'), request('c')]))).toBe(3);
});
