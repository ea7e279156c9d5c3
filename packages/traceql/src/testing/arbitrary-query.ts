/** Random queries for property tests: trees, so that printing them is tried too. */
import { SPAN_KINDS, SPAN_STATUSES } from '@clew/model';
import fc from 'fast-check';
import { NOWHERE as range, intrinsicField, literalOf } from '../build-condition.ts';
import { INTRINSIC_NAMES, findIntrinsic } from '../intrinsics.ts';
import type {
  Expression,
  Field,
  Literal,
  MetricsQuery,
  Pipeline,
  ScalarExpression,
  SearchQuery,
  SpansetExpression,
  SpansetFilter,
  Stage,
  StaticValue,
} from '../syntax-tree.ts';

export const name: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'http.method',
    'a-b',
    'a b',
    'x"y',
    'é',
    'span.x',
    'service.name',
    '1',
    '{',
    '\\',
  ),
  fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' }),
);

export const staticValue: fc.Arbitrary<StaticValue> = fc.oneof(
  fc
    .string({ maxLength: 10, unit: 'grapheme' })
    // A short id would be read as a whole one.
    .map((value) => ({ type: 'string' as const, value: value.replace(/^[\da-f]+$/i, '$&!') })),
  fc
    .bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n })
    .map((value) => ({ type: 'int' as const, value })),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((value) => ({ type: 'float' as const, value: value + 0 })),
  fc.boolean().map((value) => ({ type: 'bool' as const, value })),
  fc
    .bigInt({ min: -(1n << 62n), max: (1n << 62n) - 1n })
    .map((value) => ({ type: 'duration' as const, value })),
  fc.constantFrom(...SPAN_STATUSES).map((value) => ({ type: 'status' as const, value })),
  fc.constantFrom(...SPAN_KINDS).map((value) => ({ type: 'kind' as const, value })),
  fc.constant({ type: 'nil' as const }),
);

const DURATION = intrinsicField('span:duration');

const literal: fc.Arbitrary<Literal> = staticValue.map(literalOf);

export const field: fc.Arbitrary<Field> = fc.oneof(
  fc.record({
    kind: fc.constant('attribute' as const),
    scope: fc.constantFrom('any', 'span', 'resource', 'event', 'link', 'instrumentation'),
    ofParent: fc.constant(false),
    name,
    range: fc.constant(range),
  }),
  fc.record({
    kind: fc.constant('attribute' as const),
    scope: fc.constantFrom('any', 'span', 'resource'),
    ofParent: fc.constant(true),
    name,
    range: fc.constant(range),
  }),
  fc.constantFrom(...INTRINSIC_NAMES).map((each) => ({
    kind: 'intrinsic' as const,
    name: findIntrinsic(each) ?? 'span:name',
    range,
  })),
);

export const expression: fc.Arbitrary<Expression> = fc.letrec<{ expression: Expression }>(
  (tie) => ({
    expression: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      literal,
      field,
      fc.record({
        kind: fc.constant('unary' as const),
        operator: fc.constant('!' as const),
        operand: tie('expression'),
        range: fc.constant(range),
      }),
      fc.record({
        kind: fc.constant('unary' as const),
        operator: fc.constant('-' as const),
        // In front of a number, a sign belongs to it.
        operand: tie('expression').map((each) => (each.kind === 'literal' ? DURATION : each)),
        range: fc.constant(range),
      }),
      fc.record({
        kind: fc.constant('binary' as const),
        operator: fc.constantFrom(
          ...(['&&', '||', '=', '!=', '<', '<=', '>', '>=', '=~', '!~'] as const),
          ...(['+', '-', '*', '/', '%', '^'] as const),
        ),
        left: tie('expression'),
        right: tie('expression'),
        range: fc.constant(range),
      }),
    ),
  }),
).expression;

const number: fc.Arbitrary<Literal> = literal.filter(({ value }) =>
  ['int', 'float', 'duration'].includes(value.type),
);

const scalar: fc.Arbitrary<ScalarExpression> = fc.letrec<{ scalar: ScalarExpression }>((tie) => ({
  scalar: fc.oneof(
    { maxDepth: 3 },
    number,
    fc.record({
      kind: fc.constant('aggregate' as const),
      function: fc.constant('count' as const),
      argument: fc.constant(undefined),
      range: fc.constant(range),
    }),
    fc.record({
      kind: fc.constant('aggregate' as const),
      function: fc.constantFrom('min', 'max', 'sum', 'avg'),
      argument: field,
      range: fc.constant(range),
    }),
    fc.record({
      kind: fc.constant('scalarOperation' as const),
      operator: fc.constantFrom('+', '-', '*', '/', '%', '^'),
      left: tie('scalar'),
      right: tie('scalar'),
      range: fc.constant(range),
    }),
  ),
})).scalar;

export const stage: fc.Arbitrary<Stage> = fc.oneof(
  fc.record({
    kind: fc.constant('aggregateFilter' as const),
    operator: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
    left: scalar,
    right: scalar,
    range: fc.constant(range),
  }),
  fc.record({ kind: fc.constant('group' as const), by: expression, range: fc.constant(range) }),
  fc.constant({ kind: 'coalesce' as const, range }),
  fc.record({
    kind: fc.constant('select' as const),
    fields: fc.array(field, { minLength: 1, maxLength: 3 }),
    range: fc.constant(range),
  }),
);

const spansetFilter: fc.Arbitrary<SpansetFilter> = fc.record({
  kind: fc.constant('filter' as const),
  condition: fc.option(expression, { nil: undefined }),
  range: fc.constant(range),
});

export const spansets: fc.Arbitrary<SpansetExpression> = fc.letrec<{ spansets: SpansetExpression }>(
  (tie) => ({
    spansets: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      spansetFilter,
      fc.record({
        kind: fc.constant('operation' as const),
        operator: fc.constantFrom(
          ...(['&&', '||', '>', '>>', '<', '<<', '~'] as const),
          ...(['!>', '!>>', '!<', '!<<', '!~', '&>', '&>>', '&<', '&<<', '&~'] as const),
        ),
        left: tie('spansets'),
        right: tie('spansets'),
        range: fc.constant(range),
      }),
      fc.record({
        kind: fc.constant('pipeline' as const),
        pipeline: fc
          .tuple(tie('spansets'), fc.array(stage, { minLength: 1, maxLength: 2 }))
          .map(([first, more]): Pipeline => ({ stages: [first, ...more], range })),
        range: fc.constant(range),
      }),
    ),
  }),
).spansets;

/** A number of pipelines, which begins with one as a query does that compares it. */
const scalarPipeline: fc.Arbitrary<ScalarExpression> = fc.letrec<{ number: ScalarExpression }>(
  (tie) => ({
    number: fc.oneof(
      { maxDepth: 2 },
      fc.record({
        kind: fc.constant('scalarPipeline' as const),
        pipeline: fc
          .tuple(spansets, fc.array(fc.oneof(spansets, stage), { maxLength: 2 }))
          .map(([first, more]): Pipeline => ({ stages: [first, ...more], range })),
        scalar,
        range: fc.constant(range),
      }),
      fc.record({
        kind: fc.constant('scalarOperation' as const),
        operator: fc.constantFrom('+', '-', '*', '/', '%', '^'),
        left: tie('number'),
        right: fc.oneof(tie('number'), number),
        range: fc.constant(range),
      }),
    ),
  }),
).number;

const scalarFilter: fc.Arbitrary<Stage> = fc.record({
  kind: fc.constant('scalarFilter' as const),
  operator: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
  left: scalarPipeline,
  right: fc.oneof(scalarPipeline, number),
  range: fc.constant(range),
});

export const pipeline: fc.Arbitrary<Pipeline> = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: spansets }, { weight: 1, arbitrary: scalarFilter }),
    fc.array(fc.oneof(spansets, stage), { maxLength: 3 }),
  )
  .map(([first, more]) => ({ stages: [first, ...more], range }));

export const searchQuery: fc.Arbitrary<SearchQuery> = fc.record({
  kind: fc.constant('search' as const),
  pipeline,
  order: fc.option(
    fc.record({
      by: fc.constantFrom('start', 'duration'),
      direction: fc.constantFrom('asc', 'desc'),
      range: fc.constant(range),
    }),
    { nil: undefined },
  ),
  hints: fc.array(
    fc.record({
      name: fc.constantFrom('sample', 'weighted'),
      value: literal,
      range: fc.constant(range),
    }),
    { maxLength: 2 },
  ),
  range: fc.constant(range),
});

const selectionWindow = fc.record({
  startUnixNano: fc.bigInt({ min: 0n, max: 1n << 62n }),
  endUnixNano: fc.bigInt({ min: 0n, max: 1n << 62n }),
});

const metricsFunction: fc.Arbitrary<
  (MetricsQuery['expression'] & { kind: 'metricsPipeline' })['function']
> = fc.oneof(
  fc.record({ name: fc.constantFrom('rate', 'count_over_time'), range: fc.constant(range) }),
  fc.record({
    name: fc.constantFrom(
      'min_over_time',
      'max_over_time',
      'sum_over_time',
      'avg_over_time',
      'histogram_over_time',
    ),
    field,
    range: fc.constant(range),
  }),
  fc.record({
    name: fc.constant('quantile_over_time' as const),
    field,
    quantiles: fc.array(fc.constantFrom(0, 0.5, 0.99, 1), { minLength: 1, maxLength: 3 }),
    range: fc.constant(range),
  }),
  fc
    .record({
      name: fc.constant('compare' as const),
      selection: spansetFilter,
      // Only behind the number of values.
      numbers: fc.option(fc.tuple(fc.nat(2000), fc.option(selectionWindow, { nil: undefined })), {
        nil: undefined,
      }),
    })
    .map(({ numbers: [topCount, window] = [undefined, undefined], name: called, selection }) => ({
      name: called,
      selection,
      topCount,
      window,
      range,
    })),
);

const metricsPipeline: fc.Arbitrary<MetricsQuery['expression'] & { kind: 'metricsPipeline' }> =
  fc.record({
    kind: fc.constant('metricsPipeline' as const),
    pipeline,
    function: metricsFunction,
    by: fc.array(field, { maxLength: 2 }),
    seconds: fc.array(
      fc.oneof(
        fc.record({
          kind: fc.constantFrom('topk', 'bottomk'),
          count: fc.nat(100),
          range: fc.constant(range),
        }),
        fc.record({
          kind: fc.constant('compare' as const),
          operator: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
          value: literal.filter(({ value }) => ['int', 'float', 'duration'].includes(value.type)),
          range: fc.constant(range),
        }),
      ),
      { maxLength: 2 },
    ),
    range: fc.constant(range),
  });

export const metricsQuery: fc.Arbitrary<MetricsQuery> = fc.record({
  kind: fc.constant('metrics' as const),
  expression: fc.letrec<{ expression: MetricsQuery['expression'] }>((tie) => ({
    expression: fc.oneof(
      { maxDepth: 2 },
      metricsPipeline,
      fc.record({
        kind: fc.constant('metricsOperation' as const),
        operator: fc.constantFrom('+', '-', '*', '/'),
        left: tie('expression'),
        right: fc.oneof(
          tie('expression'),
          fc.record({
            kind: fc.constant('number' as const),
            value: fc.integer(),
            range: fc.constant(range),
          }),
        ),
        range: fc.constant(range),
      }),
    ),
  })).expression,
  hints: fc.constant([]),
  range: fc.constant(range),
});
