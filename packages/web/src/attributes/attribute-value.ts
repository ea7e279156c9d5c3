import type { AttributeJson, AttributeValueJson } from '@clew/api';
import { unreachable } from '@clew/model';

/** How a value stands on the screen. */
export interface DisplayValue {
  readonly text: string;
  /** Of the value, named where it is not a string. */
  readonly type: AttributeValueJson['type'];
  /** `block`: on lines of its own, all of it; `line`: beside its key. */
  readonly shape: 'line' | 'block';
}

const MAX_LINE_LENGTH = 64;

/** Lays a value out: what is JSON is indented, what is long or has lines gets room, a string that looks like a number is quoted. */
export function layoutValue(value: AttributeValueJson): DisplayValue {
  const { type } = value;
  if (type === 'string') return layoutString(value.value);
  const text = formatValue(value);
  return { text, type, shape: isBlock(text) ? 'block' : 'line' };
}

/** The value as text to copy: no quotes, no types. */
export function plainText(value: AttributeValueJson): string {
  return value.type === 'string' ? value.value : formatValue(value);
}

/** The value as a search writes it; `undefined` for what cannot be searched for. */
export function searchText(value: AttributeValueJson): string | undefined {
  switch (value.type) {
    case 'string':
    case 'int':
    case 'double':
    case 'bool':
      return String(value.value);
    case 'array':
    case 'map':
    case 'bytes':
    case 'empty':
      return undefined;
    default:
      return unreachable(value);
  }
}

function layoutString(text: string): DisplayValue {
  const json = prettyJson(text);
  if (json !== undefined) return { text: json, type: 'string', shape: 'block' };
  if (isBlock(text)) return { text, type: 'string', shape: 'block' };
  const looksTyped = text === '' || /^(-?\d+(\.\d+)?([eE][-+]?\d+)?|true|false)$/.test(text);
  return { text: looksTyped ? `"${text}"` : text, type: 'string', shape: 'line' };
}

function isBlock(text: string): boolean {
  return text.length > MAX_LINE_LENGTH || text.includes('\n');
}

function prettyJson(text: string): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return undefined; // It only looked like JSON.
  }
}

function formatValue(value: AttributeValueJson): string {
  switch (value.type) {
    case 'string':
      return value.value;
    case 'int':
    case 'double':
    case 'bool':
    case 'bytes':
      return String(value.value);
    case 'empty':
      return 'empty';
    case 'array':
      return isFlat(value.value)
        ? `[${value.value.map(formatItem).join(', ')}]`
        : JSON.stringify(toPlain(value), undefined, 2);
    case 'map':
      return JSON.stringify(toPlain(value), undefined, 2);
    default:
      return unreachable(value);
  }
}

function isFlat(items: readonly AttributeValueJson[]): boolean {
  return items.every(({ type }) => type !== 'array' && type !== 'map');
}

function formatItem(value: AttributeValueJson): string {
  return value.type === 'string' ? JSON.stringify(value.value) : formatValue(value);
}

/** As deep as the sender nested it, which the receiver has bounded. */
function toPlain(value: AttributeValueJson): unknown {
  switch (value.type) {
    case 'array':
      return value.value.map(toPlain);
    case 'map':
      return Object.fromEntries(
        value.value.map(({ key, value }: AttributeJson) => [key, toPlain(value)]),
      );
    case 'int':
      return Number.isSafeInteger(Number(value.value)) ? Number(value.value) : value.value;
    case 'empty':
      return null;
    case 'string':
    case 'double':
    case 'bool':
    case 'bytes':
      return value.value;
    default:
      return unreachable(value);
  }
}
