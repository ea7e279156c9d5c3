/** Questions about spans like one, as TraceQL. */
import type { AttributeValueJson } from '@clew/api';
import { unreachable } from '@clew/model';
import {
  attributeField,
  compareField,
  intrinsicField,
  printQuery,
  searchOfConditions,
} from '@clew/traceql';
import type { AttributeScope, Expression, StaticValue } from '@clew/traceql';

/** Spans are alike when they are of one service and have one name. */
export interface SpanKindOfWork {
  readonly service: string;
  readonly name: string;
}

/** How many spans of one sort there are; with a duration, how many that are shorter. */
export function countQuery({ service, name }: SpanKindOfWork, belowNs?: bigint): string {
  const conditions = [
    ofService(service),
    compareField('=', intrinsicField('span:name'), text(name)),
  ];
  if (belowNs !== undefined) {
    const duration: StaticValue = { type: 'duration', value: belowNs };
    conditions.push(compareField('<', intrinsicField('span:duration'), duration));
  }
  return `${printQuery(searchOfConditions(conditions))} | count_over_time()`;
}

/** The spans that link to a span. */
export function linkedFromQuery(traceId: string, spanId: string): string {
  return printQuery(
    searchOfConditions([
      compareField('=', intrinsicField('link:traceID'), text(traceId)),
      compareField('=', intrinsicField('link:spanID'), text(spanId)),
    ]),
  );
}

/** An attribute of the spans of a service. */
export interface AttributeOfService {
  readonly service: string;
  readonly scope: Extract<AttributeScope, 'span' | 'resource'>;
  readonly key: string;
}

/** Spans of the service with another value of the attribute; undefined for a value that cannot be compared. */
export function otherValuesQuery(
  { service, scope, key }: AttributeOfService,
  value: AttributeValueJson,
): string | undefined {
  const unwanted = toStatic(value);
  if (unwanted === undefined) return undefined;
  const condition = compareField('!=', attributeField(scope, key), unwanted);
  return printQuery(searchOfConditions([ofService(service), condition]));
}

function ofService(service: string): Expression {
  return compareField('=', attributeField('resource', 'service.name'), text(service));
}

function text(value: string): StaticValue {
  return { type: 'string', value };
}

function toStatic(value: AttributeValueJson): StaticValue | undefined {
  switch (value.type) {
    case 'string':
      return text(value.value);
    case 'int':
      return { type: 'int', value: BigInt(value.value) };
    case 'double':
      return Number.isFinite(Number(value.value))
        ? { type: 'float', value: Number(value.value) }
        : undefined;
    case 'bool':
      return { type: 'bool', value: value.value };
    case 'array':
    case 'map':
    case 'bytes':
    case 'empty':
      return undefined;
    default:
      return unreachable(value);
  }
}
