/**
 * A typed attribute value: OpenTelemetry's `AnyValue` (opentelemetry/proto/common/v1/common.proto) as a discriminated
 * union, because `500` the number and `"500"` the string are different answers to different questions.
 */
export type AttributeValue =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'bytes'; readonly value: Uint8Array }
  | { readonly type: 'array'; readonly value: readonly AttributeValue[] }
  | { readonly type: 'map'; readonly value: readonly Attribute[] }
  | { readonly type: 'empty' };

/** A key and its value. Of a key given twice in one list, the last wins. */
export interface Attribute {
  readonly key: string;
  readonly value: AttributeValue;
}

/** Finds the value of `key`; the last one where it is given twice. */
export function findAttribute(
  attributes: readonly Attribute[],
  key: string,
): AttributeValue | undefined {
  return attributes.findLast((attribute) => attribute.key === key)?.value;
}
