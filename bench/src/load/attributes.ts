/** Attributes as the shop has them, before they are written in any format. */
export interface ShopAttribute {
  readonly key: string;
  /** A number is a double unless it is whole. */
  readonly value: string | number | boolean | FreshValue;
}

/** A value that is written anew each time a request is sent; `salt` makes it unlike that of other keys. */
export type FreshValue =
  | {
      /**
       * A string around 8 hexadecimal digits. They are fresh for every span, or, where they have a `cardinality` below
       * 2^32, the same in all spans of a trace, as its user is.
       */
      readonly type: 'text';
      readonly before: string;
      readonly cardinality: number;
      readonly salt: number;
    }
  /** A whole number of 16,384 to 2,097,151 (in texts, of 1,000,000 to 1,999,999). */
  | { readonly type: 'int'; readonly salt: number }
  /** A number of 0 to 1,000. */
  | { readonly type: 'double'; readonly salt: number };

export function attribute(key: string, value: string | number | boolean): ShopAttribute {
  return { key, value };
}

export function freshText(
  key: string,
  {
    before = '',
    cardinality = 2 ** 32,
  }: { readonly before?: string; readonly cardinality?: number },
): ShopAttribute {
  return { key, value: { type: 'text', before, cardinality, salt: saltOf(key) } };
}

export function freshInt(key: string): ShopAttribute {
  return { key, value: { type: 'int', salt: saltOf(key) } };
}

export function freshDouble(key: string): ShopAttribute {
  return { key, value: { type: 'double', salt: saltOf(key) } };
}

function saltOf(key: string): number {
  let salt = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) salt = Math.imul(salt ^ key.charCodeAt(i), 0x01000193);
  return salt;
}
