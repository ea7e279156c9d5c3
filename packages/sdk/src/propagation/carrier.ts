import type { TextMapGetter, TextMapSetter } from '@opentelemetry/api';

/** What `Headers` and `Map` have in common. */
interface KeyedCarrier {
  has(name: string): boolean;
  get(name: string): unknown;
  set(name: string, value: string): unknown;
  keys(): Iterable<unknown>;
}

/**
 * Reads and writes the headers of messages, whatever they are kept in: a plain object, `Headers`, a `Map`, or an array of
 * `[name, value]`. Values may be bytes, as Kafka's are, or lists of values. Names are found in any case. What is no text is not
 * seen.
 */
export const carrierGetter: TextMapGetter = {
  keys(carrier: unknown): string[] {
    return namesIn(carrier).filter((name) => typeof name === 'string');
  },

  get(carrier: unknown, name: string): string | string[] | undefined {
    if (Array.isArray(carrier)) {
      const found = carrier.filter((entry) => isEntryOf(entry, name)).map((entry) => entry[1]);
      return toHeader(found.length === 1 ? found[0] : found);
    }
    const key = findName(carrier, name);
    if (key === undefined) return undefined;
    return toHeader(isKeyed(carrier) ? carrier.get(key) : Reflect.get(carrier as object, key));
  },
};

/** Replaces a header of the same name in any case, so that a message that is handed on does not have two. */
export const carrierSetter: TextMapSetter = {
  set(carrier: unknown, name: string, value: string): void {
    if (Array.isArray(carrier)) {
      setEntry(carrier, name, value);
      return;
    }
    const key = findName(carrier, name) ?? name;
    if (isKeyed(carrier)) carrier.set(key, value);
    else if (typeof carrier === 'object' && carrier !== null) Reflect.set(carrier, key, value);
  },
};

const decoder = new TextDecoder();

/** More than any header may have that is read: what is cut there is still too long. */
const MAX_BYTES = 32_768;

function toHeader(value: unknown): string | string[] | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return decoder.decode(value.subarray(0, MAX_BYTES));
  if (!Array.isArray(value)) return undefined;
  const texts = value.map((item) => toHeader(item)).filter((item) => typeof item === 'string');
  return texts.length === 0 ? undefined : texts;
}

/** In the place of the first entry of the name; the others go. */
function setEntry(entries: unknown[], name: string, value: string): void {
  const at = entries.findIndex((entry) => isEntryOf(entry, name));
  if (at < 0) entries.push([name, value]);
  else {
    const rest = entries.slice(at + 1).filter((entry) => !isEntryOf(entry, name));
    entries.splice(at, entries.length, [name, value], ...rest);
  }
}

/** Mostly it is there as it is written here; only then is it not looked for among all the others. */
function findName(carrier: unknown, name: string): string | undefined {
  if (hasName(carrier, name)) return name;
  return namesIn(carrier).find((other): other is string => isText(other) && isSame(other, name));
}

function hasName(carrier: unknown, name: string): boolean {
  if (isKeyed(carrier)) return carrier.has(name);
  return typeof carrier === 'object' && carrier !== null && Object.hasOwn(carrier, name);
}

/** Names of headers are ASCII, so that those of different lengths are not compared letter by letter. */
function isSame(one: string, other: string): boolean {
  return one.length === other.length && one.toLowerCase() === other.toLowerCase();
}

function namesIn(carrier: unknown): readonly unknown[] {
  if (Array.isArray(carrier)) {
    return carrier.map((entry: unknown) => (Array.isArray(entry) ? entry[0] : undefined));
  }
  if (isKeyed(carrier)) return [...carrier.keys()];
  return typeof carrier === 'object' && carrier !== null ? Object.keys(carrier) : [];
}

function isEntryOf(entry: unknown, name: string): entry is [string, unknown] {
  if (!Array.isArray(entry)) return false;
  const key: unknown = entry[0];
  return isText(key) && isSame(key, name);
}

function isKeyed(carrier: unknown): carrier is KeyedCarrier {
  return carrier instanceof Map || (typeof Headers !== 'undefined' && carrier instanceof Headers);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
