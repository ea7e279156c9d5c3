/**
 * The SQL that counts spans by interval and by what they have in common, where it can say so exactly: one filter, and
 * fields of the span, its resource or its scope. Resources and scopes are grouped by their ids, which are few, and what they have is
 * looked up behind. Everything else is counted by the evaluator (`traceql/src/metrics/count-trace.ts`).
 */
import { SPAN_KINDS, SPAN_STATUSES, unreachable } from '@clew/model';
import type { Scope } from '@clew/model';
import { KEY_OFFSET, LOG_GROWTH, printField, scopeFieldReader } from '@clew/traceql';
import type { BucketKind, Field, MetricsPipeline, MetricsRange, Value } from '@clew/traceql';
import type { KeyTypes } from '../attribute-keys.ts';
import type { RowBinaryReader } from '../engine/row-binary-reader.ts';
import {
  Sql,
  all,
  float64Literal,
  integerLiteral,
  sql,
  textLiteral,
  uint64Literal,
} from '../engine/sql.ts';
import { startConditions } from './candidates.ts';
import { attributeOperand, intrinsicOperand, isNumber, toDouble } from './traceql/operand.ts';
import type { Alternative, Operand, OperandType } from './traceql/operand.ts';

/** Where a label is read from. */
interface LabelSource {
  readonly name: string;
  readonly ofSpan: TypedColumns | undefined;
  /** The resource's attribute that counts when the span has none. */
  readonly resourceKey: string | undefined;
  readonly ofScope: ((scope: Scope) => Value | undefined) | undefined;
}

/** What a span has, as columns of the answer: its type, unless that is always the same, and its text. */
interface TypedColumns {
  readonly columns: readonly Sql[];
  readonly fixedType: TextType | undefined;
}

type TextType = 'none' | OperandType | 'duration';
/** A type is a number in the answer, its index here. */
const TEXT_TYPES: readonly TextType[] = [
  'none',
  'string',
  'int',
  'double',
  'bool',
  'status',
  'kind',
  'duration',
];

export interface MetricsPlan {
  readonly statement: Sql;
  readonly labels: readonly LabelSource[];
  readonly hasResource: boolean;
  readonly hasScope: boolean;
}

export interface MetricsRequest {
  readonly tenant: string;
  /** Of the spans, exactly. */
  readonly condition: Sql;
  readonly range: MetricsRange;
  readonly isWeighted: boolean;
  readonly buckets: BucketKind | undefined;
}

/** Undefined where SQL cannot say it. */
export function planMetrics(
  { function: metricsFunction, by }: MetricsPipeline,
  request: MetricsRequest,
  keys: KeyTypes,
): MetricsPlan | undefined {
  const labels = by.map((field) => planLabel(field, keys));
  const number = 'field' in metricsFunction ? planNumber(metricsFunction.field, keys) : NO_NUMBER;
  if (number === undefined || !labels.every((label) => label !== undefined)) return undefined;
  const hasResource = labels.some(({ resourceKey }) => resourceKey !== undefined);
  const hasScope = labels.some(({ ofScope }) => ofScope !== undefined);
  const { tenant, condition, range, isWeighted, buckets } = request;
  const end = range.startUnixNano + range.stepNano * BigInt(range.binCount);
  const groups = [
    sql`toUInt32(intDiv(start_unix_nano - ${uint64Literal(range.startUnixNano)}, ${uint64Literal(range.stepNano)})) AS bin`,
    ...(hasResource ? [new Sql('resource_id')] : []),
    ...(hasScope ? [new Sql('scope_id')] : []),
    ...labels.flatMap(({ ofSpan }) => ofSpan?.columns ?? []),
    ...(buckets === undefined ? [] : [bucketColumn(buckets)]),
  ];
  const statement = sql`
SELECT ${groups}, sum(w), sumIf(w, isNotNull(number)), ifNull(sum(number * w), 0),
  ifNull(min(number), inf), ifNull(max(number), -inf)
FROM (
  SELECT *, ${new Sql(isWeighted ? 'toFloat64(weight)' : 'toFloat64(1)')} AS w, ${number} AS number
  FROM spans
  WHERE ${all([sql`tenant = ${textLiteral(tenant)}`, ...startConditions(range.startUnixNano, end), condition])}
)
GROUP BY ${groups.map((_, i) => integerLiteral(i + 1))}`;
  return { statement, labels, hasResource, hasScope };
}

export interface MetricsAnswerRow {
  readonly bin: number;
  readonly resourceId: bigint;
  readonly scopeId: bigint;
  /** What the span has, by label; undefined where it has nothing. */
  readonly ofSpan: readonly (Value | undefined)[];
  readonly bucket: number | undefined;
  readonly weight: number;
  readonly numberWeight: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

export function readMetricsRow(
  reader: RowBinaryReader,
  plan: MetricsPlan,
  buckets: BucketKind | undefined,
): MetricsAnswerRow {
  return {
    bin: reader.uint32(),
    resourceId: plan.hasResource ? reader.uint64() : 0n,
    scopeId: plan.hasScope ? reader.uint64() : 0n,
    ofSpan: plan.labels.map(({ ofSpan }) =>
      ofSpan === undefined ? undefined : readValue(reader, ofSpan.fixedType),
    ),
    bucket: buckets === undefined ? undefined : readBucket(reader),
    weight: reader.float64(),
    numberWeight: reader.float64(),
    sum: reader.float64(),
    min: reader.float64(),
    max: reader.float64(),
  };
}

/** Undefined where only the evaluator can tell. */
function planLabel(field: Field, keys: KeyTypes): LabelSource | undefined {
  const name = printField(field);
  const none = { name, ofSpan: undefined, resourceKey: undefined, ofScope: undefined };
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
  const ofSpan = toColumns(spanAttribute(key, keys), false);
  if (ofSpan === undefined) return undefined;
  return { ...none, ofSpan, resourceKey: scope === 'any' ? key : undefined };
}

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

/** Numbers as digits; a `double` by its bits. */
function toText({ type, value }: Alternative): Sql {
  switch (type) {
    case 'string':
      return value;
    case 'double':
      return sql`toString(reinterpretAsUInt64(${value}))`;
    case 'bool':
      return sql`toString(toUInt8(${value}))`;
    case 'int':
    case 'status':
    case 'kind':
      return sql`toString(${value})`;
    default:
      return unreachable(type);
  }
}

function readValue(reader: RowBinaryReader, fixedType: TextType | undefined): Value | undefined {
  const type = fixedType ?? TEXT_TYPES[reader.uint8()] ?? 'none';
  const text = reader.repeatedText();
  switch (type) {
    case 'none':
      return undefined;
    case 'string':
      return { type, value: text };
    case 'int':
    case 'duration':
      return { type, value: BigInt(text) };
    case 'double':
      return { type: 'float', value: doubleOfBits(BigInt(text)) };
    case 'bool':
      return { type, value: text === '1' };
    case 'status':
      return { type, value: SPAN_STATUSES[Number(text)] ?? 'unset' };
    case 'kind':
      return { type, value: SPAN_KINDS[Number(text)] ?? 'unspecified' };
    default:
      return unreachable(type);
  }
}

function doubleOfBits(bits: bigint): number {
  return new Float64Array(BigUint64Array.of(bits).buffer)[0] ?? Number.NaN;
}

const NO_NUMBER = new Sql('CAST(NULL AS Nullable(Float64))');

/** As a nullable `double`; undefined where only the evaluator can tell. */
function planNumber(field: Field, keys: KeyTypes): Sql | undefined {
  const operand = numberOperand(field, keys);
  if (operand === undefined) return undefined;
  const numbers = operand.alternatives.filter(isNumber);
  if (numbers.length === 0) return NO_NUMBER;
  const cases = numbers.flatMap((each) => [each.guard ?? new Sql('1'), toDouble(each)]);
  const number = sql`multiIf(${[...cases, new Sql('NULL')]})`;
  return sql`if(isNaN(${number}), NULL, ${number})`;
}

/** A list is no number, so what is out of SQL's sight does not matter. */
function numberOperand(field: Field, keys: KeyTypes): Operand | undefined {
  if (field.kind === 'intrinsic') {
    const operand = intrinsicOperand(field.name);
    return operand.elsewhere === undefined ? operand : undefined;
  }
  const { scope, ofParent, name } = field;
  if (ofParent || (scope !== 'span' && scope !== 'any')) return undefined;
  const types = ['string', 'int', 'double', 'bool', 'complex'] as const;
  const mayBeOfResource = types.some((type) => keys.mayBe('resource', name, type));
  return scope === 'any' && mayBeOfResource ? undefined : spanAttribute(name, keys);
}

/** No bucket is the lowest number. */
const NO_BUCKET = -2_147_483_648;

/** As `bucketOf` in traceql has it. */
function bucketColumn(kind: BucketKind): Sql {
  const none = sql`toInt32(${integerLiteral(NO_BUCKET)})`;
  const finite = new Sql('isFinite(ifNull(number, nan))');
  if (kind === 'powerOfTwo') {
    return sql`if(${finite} AND number > 0, toInt32(ceil(log2(assumeNotNull(number)))), ${none})`;
  }
  const key = sql`toInt32(ceil(log(abs(assumeNotNull(number))) / ${float64Literal(LOG_GROWTH)})) + ${integerLiteral(KEY_OFFSET)}`;
  return sql`multiIf(NOT ${finite}, ${none}, number = 0, toInt32(0), number > 0, toInt32(${key}), toInt32(-(${key})))`;
}

function readBucket(reader: RowBinaryReader): number | undefined {
  const key = reader.int32();
  return key === NO_BUCKET ? undefined : key;
}
