import type { AttributeValue, Attributes } from '@opentelemetry/api';
import { toText } from '../to-text.ts';

/**
 * Tags or log fields as attributes. What an attribute cannot be becomes text: objects as JSON. `undefined` and `null`
 * are left out. Never throws, whatever it is given; what was read before a getter threw is kept.
 */
export function toAttributes(fields: unknown): Attributes {
  const attributes: Attributes = {};
  if (typeof fields !== 'object' || fields === null) return attributes;
  try {
    for (const key of Object.keys(fields)) {
      const attribute = toAttributeValue(Reflect.get(fields, key));
      if (attribute !== undefined) attributes[key] = attribute;
    }
  } catch {
    // A getter of the application's own.
  }
  return attributes;
}

/** Of any realm: a test runner's errors are not instances of the `Error` here. */
export function isError(value: unknown): boolean {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

function toAttributeValue(value: unknown): AttributeValue | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? describeObject(value) : toText(value);
}

function describeObject(value: object): AttributeValue {
  if (isAttributeList(value)) return value;
  if (isError(value)) return toText(value);
  // The bytes as JSON would be many times as long, and nobody could read them.
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  try {
    return JSON.stringify(value) ?? toText(value);
  } catch {
    // It is cyclic, or has a bigint in it.
    return toText(value);
  }
}

/** Texts, numbers or booleans, all of one type. */
function isAttributeList(value: object): value is string[] | number[] | boolean[] {
  if (!Array.isArray(value)) return false;
  const type = typeof value[0];
  const isScalar = type === 'string' || type === 'number' || type === 'boolean';
  return isScalar && value.every((item) => typeof item === type);
}
