/**
 * The SQL that counts spans by interval and by what they have in common, where it can say so exactly: one filter, and
 * fields of the span, its resource or its scope. Resources, scopes and sets of attributes are grouped by their ids, which are few, and
 * what they have is looked up behind. Everything else is counted by the evaluator (`traceql/src/metrics/count-trace.ts`).
 */
import type { Attribute, Resource, Scope } from '@clew/model';
import {
  DROPPED_BITS,
  NO_POWER,
  findValue,
  printField,
  readResource,
  scopeFieldReader,
} from '@clew/traceql';
import type { BucketKind, Field, MetricsPipeline, MetricsRange, Value } from '@clew/traceql';
import type { AttributePlace, KeyTypes } from '../attribute-keys.ts';
import type { RowBinaryReader } from '../engine/row-binary-reader.ts';
import { Sql, all, any, integerLiteral, sql, uint64List } from '../engine/sql.ts';
import { intervalOf, selectSpans } from './select-spans.ts';
import type { SelectedSpans } from './select-spans.ts';
import { idColumn } from './id-column.ts';
import { attributeOperand, intrinsicOperand, isNumber, toDouble } from './traceql/operand.ts';
import type { Alternative, Operand } from './traceql/operand.ts';
import { TEXT_TYPES, readValue, toText } from './value-text.ts';
import type { TextType } from './value-text.ts';

/** Where a label is read from. */
interface LabelSource {
  readonly name: string;
  readonly ofSpan: TypedColumns | undefined;
  /** The attribute of the span's set that counts when the span has none of its own. */
  readonly setKey: string | undefined;
  /** The resource's attribute that counts when the span has none. */
  readonly resourceKey: string | undefined;
  readonly ofScope: ((scope: Scope) => Value | undefined) | undefined;
}

/** What a span has, as columns of the answer: its type, unless that is always the same, and its text. */
interface TypedColumns {
  readonly columns: readonly Sql[];
  readonly fixedType: TextType | undefined;
}

export interface MetricsPlan {
  readonly statement: Sql;
  readonly labels: readonly LabelSource[];
  readonly hasResource: boolean;
  readonly hasScope: boolean;
  readonly hasSet: boolean;
  /** What the answer has of each group beside how many spans there are. */
  readonly columns: 'counts' | 'numbers' | 'buckets' | 'quantiles';
}

export interface MetricsRequest extends SelectedSpans {
  readonly isWeighted: boolean;
  readonly buckets: BucketKind | undefined;
  /** All there are; undefined where they are too many to name. */
  readonly resources: ReadonlyMap<bigint, Resource> | undefined;
  readonly attributeSets: ReadonlyMap<bigint, readonly Attribute[]> | undefined;
}

/** Undefined where SQL cannot say it. */
export function planMetrics(
  { function: metricsFunction, by }: MetricsPipeline,
  request: MetricsRequest,
  keys: KeyTypes,
): MetricsPlan | undefined {
  const labels = by.map((field) => planLabel(field, keys));
  if (!labels.every((label) => label !== undefined)) return undefined;
  const hasResource = labels.some(({ resourceKey }) => resourceKey !== undefined);
  const hasScope = labels.some(({ ofScope }) => ofScope !== undefined);
  const hasSet = labels.some(({ setKey }) => setKey !== undefined);
  const { range, buckets } = request;
  const groups = [
    binColumn(range),
    ...(hasResource ? [resourceColumn(labels, request)] : []),
    ...(hasScope ? [new Sql('scope_id')] : []),
    ...(hasSet ? [setColumn(labels, request)] : []),
    ...labels.flatMap(({ ofSpan }) => ofSpan?.columns ?? []),
  ].map((column, index) => ({ column, alias: new Sql(`g${index}`) }));
  const plan = { labels, hasResource, hasScope, hasSet };
  if (!('field' in metricsFunction)) {
    const statement = selectCounts(groups, request);
    return { ...plan, statement, columns: 'counts' };
  }
  const number = planNumber(metricsFunction.field, keys, request.attributeSets);
  if (number === undefined) return undefined;
  if (buckets === undefined) {
    return { ...plan, statement: selectNumbers(groups, number, request), columns: 'numbers' };
  }
  const isWhole = isOneRowAGroup(labels, request) && !request.isWeighted;
  const isDirect = buckets === 'fine' && isWhole && !number.mayBeDouble;
  if (metricsFunction.name === 'quantile_over_time' && isDirect) {
    const statement = selectQuantiles(groups, number, metricsFunction.quantiles, request);
    return { ...plan, statement, columns: 'quantiles' };
  }
  const statement = selectBuckets(groups, number, { ...request, buckets });
  return { ...plan, statement, columns: 'buckets' };
}

/** One interval needs no arithmetic, nor a key of two parts. */
function binColumn(range: MetricsRange): Sql {
  return range.binCount === 1 ? new Sql('toUInt32(0)') : sql`toUInt32(${intervalOf(range)})`;
}

function resourceColumn(labels: readonly LabelSource[], { resources }: MetricsRequest): Sql {
  return idColumn(new Sql('resource_id'), resources, (resource) =>
    labels.map(({ resourceKey }) =>
      resourceKey === undefined ? undefined : readResource(resource, resourceKey),
    ),
  );
}

function setColumn(labels: readonly LabelSource[], { attributeSets }: MetricsRequest): Sql {
  // A span without a set is like one whose set says nothing of the labels.
  const sets = attributeSets && new Map([[NO_SET, []], ...attributeSets]);
  return idColumn(new Sql('attribute_set_id'), sets, (attributes) =>
    labels.map(({ setKey }) => (setKey === undefined ? undefined : findValue(attributes, setKey))),
  );
}

const NO_SET = 0n;

/**
 * Whether the rows of the answer are the groups, or must be put together: a label may come from one of several places, of which
 * a later one counts only for spans without an earlier.
 */
function isOneRowAGroup(
  labels: readonly LabelSource[],
  { resources, attributeSets }: MetricsRequest,
): boolean {
  return labels.every(({ ofSpan, setKey, resourceKey, ofScope }) => {
    if (ofScope !== undefined) return false;
    const places = [ofSpan, setKey, resourceKey].filter((place) => place !== undefined);
    if (places.length > 1) return false;
    if (setKey !== undefined) return attributeSets !== undefined;
    return resourceKey === undefined || resources !== undefined;
  });
}

/**
 * Quantiles of groups that need not be put together any more. The engine keeps numbers with seven binary digits, as buckets
 * do, and gives the lower end of one. It keeps them in 32 bits, which do not hold the largest `double`s.
 */
function selectQuantiles(
  groups: readonly GroupColumn[],
  number: SpanNumber,
  quantiles: readonly number[],
  request: MetricsRequest,
): Sql {
  const levels = quantiles.map((quantile) => new Sql(String(quantile)));
  const isThere = number.guard === undefined ? [] : [number.guard];
  const finite = number.isAny ? [sql`isFinite(${number.value})`] : [];
  const aliases = groups.map(({ alias }) => alias);
  return sql`
SELECT ${aliases}, ${weightOf(request)},
  arrayMap(each -> toFloat64(each) * (1 + 1 / 256), quantilesBFloat16(${levels})(number))
FROM (${selectSpans([...columnsOf(groups, request), sql`${number.value} AS number`], {
    ...request,
    condition: all([request.condition, ...isThere, ...finite]),
  })})
GROUP BY ${aliases}`;
}

interface GroupColumn {
  readonly column: Sql;
  readonly alias: Sql;
}

/** What the rows that are grouped have. */
function columnsOf(groups: readonly GroupColumn[], { isWeighted }: MetricsRequest): Sql[] {
  const columns = groups.map(({ column, alias }) => sql`${column} AS ${alias}`);
  return isWeighted ? [...columns, new Sql('weight')] : columns;
}

function selectCounts(groups: readonly GroupColumn[], request: MetricsRequest): Sql {
  const aliases = groups.map(({ alias }) => alias);
  return sql`
SELECT ${aliases}, ${weightOf(request)}
FROM (${selectSpans(columnsOf(groups, request), request)})
GROUP BY ${aliases}`;
}

function selectNumbers(
  groups: readonly GroupColumn[],
  { value, guard }: SpanNumber,
  request: MetricsRequest,
): Sql {
  const aliases = groups.map(({ alias }) => alias);
  const weight = new Sql(request.isWeighted ? 'toFloat64(weight)' : '1.0');
  const numbers = [sql`${value} AS number`, sql`${guard ?? new Sql('1')} AS is_there`];
  return sql`
SELECT ${aliases}, ${weightOf(request)},
  sumIf(${weight}, is_there), sumIf(number * ${weight}, is_there),
  minIf(number, is_there), maxIf(number, is_there)
FROM (${selectSpans([...columnsOf(groups, request), ...numbers], request)})
GROUP BY ${aliases}`;
}

/** Counted by bucket first, which is quick, and then a row a group, which is little to read. */
function selectBuckets(
  groups: readonly GroupColumn[],
  number: SpanNumber,
  request: MetricsRequest & { readonly buckets: BucketKind },
): Sql {
  const { key, guard } = bucketColumn(number, request.buckets);
  const aliases = groups.map(({ alias }) => alias);
  const isThere = [number.guard, guard].filter((each) => each !== undefined);
  return sql`
SELECT ${aliases}, sum(w), groupArray(bucket), groupArray(w)
FROM (
  SELECT ${aliases}, bucket, ${weightOf(request)} AS w
  FROM (${selectSpans([...columnsOf(groups, request), sql`${key} AS bucket`], {
    ...request,
    condition: all([request.condition, ...isThere]),
  })})
  GROUP BY ${aliases}, bucket
)
GROUP BY ${aliases}`;
}

function weightOf({ isWeighted }: MetricsRequest): Sql {
  return new Sql(isWeighted ? 'sum(toFloat64(weight))' : 'toFloat64(count())');
}

export interface MetricsAnswerRow {
  readonly bin: number;
  readonly resourceId: bigint;
  readonly scopeId: bigint;
  readonly setId: bigint;
  /** What the span has, by label; undefined where it has nothing. */
  readonly ofSpan: readonly (Value | undefined)[];
  readonly weight: number;
  readonly numbers:
    | {
        readonly weight: number;
        readonly sum: number;
        /** Without meaning where there are no numbers. */
        readonly min: number;
        readonly max: number;
      }
    | undefined;
  /** By key, where buckets were asked for. */
  readonly bucketKeys: readonly number[];
  readonly bucketWeights: readonly number[];
  readonly quantiles: readonly number[] | undefined;
}

export function readMetricsRow(reader: RowBinaryReader, plan: MetricsPlan): MetricsAnswerRow {
  const { columns } = plan;
  return {
    bin: reader.uint32(),
    resourceId: plan.hasResource ? reader.uint64() : 0n,
    scopeId: plan.hasScope ? reader.uint64() : 0n,
    setId: plan.hasSet ? reader.uint64() : 0n,
    ofSpan: plan.labels.map(({ ofSpan }) =>
      ofSpan === undefined ? undefined : readValue(reader, ofSpan.fixedType),
    ),
    weight: reader.float64(),
    numbers:
      columns === 'numbers'
        ? {
            weight: reader.float64(),
            sum: reader.float64(),
            min: reader.float64(),
            max: reader.float64(),
          }
        : undefined,
    bucketKeys: columns === 'buckets' ? reader.array(() => reader.int32()) : [],
    bucketWeights: columns === 'buckets' ? reader.array(() => reader.float64()) : [],
    quantiles: columns === 'quantiles' ? reader.array(() => reader.float64()) : undefined,
  };
}

/** Undefined where only the evaluator can tell. */
function planLabel(field: Field, keys: KeyTypes): LabelSource | undefined {
  const name = printField(field);
  const none = {
    name,
    ofSpan: undefined,
    setKey: undefined,
    resourceKey: undefined,
    ofScope: undefined,
  };
  const ofScope = scopeFieldReader(field);
  if (ofScope !== undefined) return { ...none, ofScope };
  if (field.kind === 'intrinsic') {
    const ofSpan = toColumns(intrinsicOperand(field.name), field.name === 'span:duration');
    return ofSpan === undefined ? undefined : { ...none, ofSpan };
  }
  const { scope, ofParent, name: key } = field;
  if (ofParent || scope === 'event' || scope === 'link') return undefined;
  if (scope === 'resource' && key === 'service.name') {
    return { ...none, ofSpan: { columns: [new Sql('service')], fixedType: 'string' } };
  }
  if (scope === 'resource') return { ...none, resourceKey: key };
  const own = spanAttribute(key, keys);
  const ofSpan = toColumns(own, false);
  if (ofSpan === undefined) return undefined;
  return {
    ...none,
    ofSpan: own.alternatives.length === 0 ? undefined : ofSpan,
    setKey: isIn('set', key, keys) ? key : undefined,
    resourceKey: scope === 'any' && isIn('resource', key, keys) ? key : undefined,
  };
}

function isIn(place: AttributePlace, key: string, keys: KeyTypes): boolean {
  return ATTRIBUTE_TYPES.some((type) => keys.mayBe(place, key, type));
}

const ATTRIBUTE_TYPES = ['string', 'int', 'double', 'bool', 'complex'] as const;

function spanAttribute(key: string, keys: KeyTypes): Operand {
  return attributeOperand(key, (type) => keys.mayBe('span', key, type));
}

function toColumns(
  { alternatives, elsewhere }: Operand,
  isDuration: boolean,
): TypedColumns | undefined {
  if (elsewhere !== undefined) return undefined;
  const [only, ...others] = alternatives;
  if (only !== undefined && only.guard === undefined && others.length === 0) {
    return { columns: [toText(only)], fixedType: isDuration ? 'duration' : only.type };
  }
  const choose = (pick: (each: Alternative) => Sql, otherwise: Sql): Sql => {
    const cases = alternatives.flatMap((each) => [each.guard ?? new Sql('1'), pick(each)]);
    return alternatives.length === 0 ? otherwise : sql`multiIf(${[...cases, otherwise]})`;
  };
  const type = choose(
    (each) => sql`toUInt8(${integerLiteral(TEXT_TYPES.indexOf(each.type))})`,
    new Sql('toUInt8(0)'),
  );
  return { columns: [type, choose(toText, new Sql("''"))], fixedType: undefined };
}

/** A number that spans have, as a `double`. */
interface SpanNumber {
  readonly value: Sql;
  /** Which spans have it; undefined where all do. */
  readonly guard: Sql | undefined;
  /** It may be below 0, or infinite. */
  readonly isAny: boolean;
  /** It may be larger than 32-bit fractions can be. */
  readonly mayBeDouble: boolean;
}

/** Undefined where only the evaluator can tell. */
function planNumber(
  field: Field,
  keys: KeyTypes,
  sets: MetricsRequest['attributeSets'],
): SpanNumber | undefined {
  const operand = numberOperand(field, keys, sets);
  if (operand === undefined) return undefined;
  const numbers = operand.alternatives.filter(isNumber);
  const [first, ...others] = numbers;
  const mayBeDouble = numbers.some(({ type }) => type === 'double');
  if (first === undefined) {
    return { value: new Sql('0.0'), guard: new Sql('0'), isAny: false, mayBeDouble };
  }
  if (first.guard === undefined) {
    return { value: toDouble(first), guard: undefined, isAny: false, mayBeDouble };
  }
  const cases = numbers.flatMap((each) => [each.guard ?? new Sql('1'), toDouble(each)]);
  const value = others.length === 0 ? toDouble(first) : sql`multiIf(${[...cases, new Sql('0.0')]})`;
  const isThere = any(numbers.map(({ guard }) => guard ?? new Sql('1')));
  const guard = mayBeDouble ? sql`(${isThere}) AND NOT isNaN(${value})` : isThere;
  return { value, guard, isAny: true, mayBeDouble };
}

/** A list is no number, so what is out of SQL's sight does not matter. */
function numberOperand(
  field: Field,
  keys: KeyTypes,
  sets: MetricsRequest['attributeSets'],
): Operand | undefined {
  if (field.kind === 'intrinsic') {
    const operand = intrinsicOperand(field.name);
    return operand.elsewhere === undefined ? operand : undefined;
  }
  const { scope, ofParent, name } = field;
  if (ofParent || (scope !== 'span' && scope !== 'any')) return undefined;
  if (scope === 'any' && isIn('resource', name, keys)) return undefined;
  const own = spanAttribute(name, keys);
  if (!keys.mayBe('set', name, 'int')) return own;
  if (sets === undefined) return undefined;
  return { ...own, alternatives: [...own.alternatives, ...setNumbers(name, sets)] };
}

/** What sets have under a key. A span's attribute is its set's or its own, never both. */
function setNumbers(
  key: string,
  sets: ReadonlyMap<bigint, readonly Attribute[]>,
): readonly Alternative[] {
  const numbers = [...sets].flatMap(([id, attributes]) => {
    const value = findValue(attributes, key);
    return value?.type === 'int' ? [{ id, number: Number(value.value) }] : [];
  });
  if (numbers.length === 0) return [];
  const column = new Sql('attribute_set_id');
  const ids = uint64List(numbers.map(({ id }) => id));
  // With an exponent they are fractions to the engine, whose lists hold one type.
  const values = new Sql(numbers.map(({ number }) => number.toExponential()).join(', '));
  const value = sql`transform(${column}, [${ids}], [${values}], 0e0)`;
  return [{ type: 'int', guard: sql`${column} IN (${ids})`, value }];
}

/** As `bucketOf` in traceql has it; `guard` for the numbers that are in a bucket. */
function bucketColumn(
  { value, isAny }: SpanNumber,
  kind: BucketKind,
): { readonly key: Sql; readonly guard: Sql | undefined } {
  if (kind === 'powerOfTwo') {
    const power = sql`toInt32(ceil(log2(${value})))`;
    const key = sql`if(${value} > 0, ${power}, toInt32(${integerLiteral(NO_POWER)}))`;
    return { key, guard: isAny ? sql`isFinite(${value})` : undefined };
  }
  const dropped = integerLiteral(DROPPED_BITS);
  const key = (of: Sql): Sql => sql`toInt32(bitShiftRight(reinterpretAsUInt64(${of}), ${dropped}))`;
  if (!isAny) return { key: key(value), guard: undefined };
  const magnitude = key(sql`abs(${value})`);
  return {
    key: sql`if(${value} < 0, -(${magnitude}), ${magnitude})`,
    guard: sql`isFinite(${value})`,
  };
}
