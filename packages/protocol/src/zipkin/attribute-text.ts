/** Attribute values as the texts that Zipkin's tags are, and attributes as the JSON that its annotations carry. */
import { unreachable } from '@clew/model';
import type { Attribute, AttributeValue } from '@clew/model';
import { formatBase64 } from '../wire/base64.ts';

/** Lists and maps are JSON, bytes base64, and what has no value is the empty text. */
export function formatTag(value: AttributeValue): string {
  switch (value.type) {
    case 'string':
      return value.value;
    case 'bool':
    case 'int':
    case 'double':
      return String(value.value);
    case 'bytes':
      return formatBase64(value.value);
    case 'empty':
      return '';
    case 'array':
    case 'map':
      return formatJson(value);
    default:
      return unreachable(value);
  }
}

/** An object with a member for each attribute. */
export function formatAttributes(attributes: readonly Attribute[]): string {
  return `{${attributes.map(formatMember).join(',')}}`;
}

function formatMember({ key, value }: Attribute): string {
  return `${JSON.stringify(key)}:${formatJson(value)}`;
}

/** Integers keep all of their digits, which a JavaScript number would not. */
function formatJson(value: AttributeValue): string {
  switch (value.type) {
    case 'string':
      return JSON.stringify(value.value);
    case 'bool':
    case 'int':
      return String(value.value);
    case 'double':
      return Number.isFinite(value.value) ? String(value.value) : JSON.stringify(`${value.value}`);
    case 'bytes':
      return JSON.stringify(formatBase64(value.value));
    case 'empty':
      return 'null';
    case 'array':
      return `[${value.value.map(formatJson).join(',')}]`;
    case 'map':
      return formatAttributes(value.value);
    default:
      return unreachable(value);
  }
}
