import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GROUPINGS } from '../trace/groups/group-spans.ts';
import { GROUP_ORDERS } from '../trace/groups/order-groups.ts';
import { SPAN_ORDERS } from '../trace/order-spans.ts';
import { formatQueryString, parseQueryString } from './query-string.ts';
import {
  DEFAULT_OPTIONS,
  SPAN_FILTERS,
  formatViewOptions,
  parseViewOptions,
} from './view-options.ts';

const direction = fc.constantFrom(1 as const, -1 as const);
const groupBy = fc.oneof(
  fc.constantFrom(...GROUPINGS),
  fc.record({ scope: fc.constantFrom('span', 'resource'), key: fc.string({ minLength: 1 }) }),
);

describe('the options of the views in the address', () => {
  test('come back as they were written', () => {
    fc.assert(
      fc.property(
        fc.record({
          groupBy,
          groupSorting: fc.record({ by: fc.constantFrom(...GROUP_ORDERS), direction }),
        }),
        fc.record({
          spanSorting: fc.record({ by: fc.constantFrom(...SPAN_ORDERS), direction }),
          spanFilter: fc.constantFrom(...SPAN_FILTERS),
        }),
        (statistics, spans) => {
          const options = { ...DEFAULT_OPTIONS, ...statistics, ...spans };
          const address = formatQueryString(formatViewOptions(options));
          expect(parseViewOptions(parseQueryString(address))).toEqual(options);
        },
      ),
    );
  });

  test('are left out where they are as by default', () => {
    const values = Object.values(formatViewOptions(DEFAULT_OPTIONS));
    expect(values.filter((value) => value !== undefined)).toEqual([]);
  });

  test('that make no sense are as by default', () => {
    const values = { group: 'nonsense', sort: '-size', width: '7', only: ['a', 'b'] };
    expect(parseViewOptions(values)).toEqual(DEFAULT_OPTIONS);
  });
});
