/** Values of TraceQL as Tempo shows them: what has no type in OTLP, such as a duration or a status, is a text. */
import { unreachable } from '@clew/model';
import type { TempoKeyValue, TempoValue } from '@clew/protocol';
import type { Value } from '@clew/traceql';
import { formatGoDuration } from '../go-duration.ts';

/** Undefined for what TraceQL has no type for: bytes, and maps. */
export function toTempoValue(value: Value): TempoValue | undefined {
  switch (value.type) {
    case 'string':
      return { stringValue: value.value };
    case 'status':
    case 'kind':
      return { stringValue: value.value };
    case 'duration':
      return { stringValue: formatGoDuration(value.value) };
    case 'bool':
      return { boolValue: value.value };
    case 'int':
      return { intValue: value.value };
    case 'float':
      return { doubleValue: value.value };
    case 'list': {
      const values = value.values.map(toTempoValue).filter((each) => each !== undefined);
      return { arrayValue: { values } };
    }
    case 'other':
      return undefined;
    default:
      return unreachable(value);
  }
}

/** Undefined where there is no value that could be shown. */
export function toTempoAttribute(key: string, value: Value | undefined): TempoKeyValue | undefined {
  const shown = value === undefined ? undefined : toTempoValue(value);
  return shown === undefined ? undefined : { key, value: shown };
}

/** What stands for a value that is not there. */
export const NIL: TempoValue = { stringValue: 'nil' };
