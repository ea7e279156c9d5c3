import type { TextMapGetter, TextMapSetter } from '@opentelemetry/api';

/** A frozen carrier stays as it is; it must not throw into who sends a request. */
export const TEXT_MAP_SETTER: TextMapSetter<object> = {
  set: (carrier, key, value) => void Reflect.set(carrier, key, value),
};

/** Reads texts and lists of texts; whatever else a carrier holds is not there. */
export const TEXT_MAP_GETTER: TextMapGetter<object> = {
  keys: (carrier) => Object.keys(carrier),
  get: (carrier, key) => (Object.hasOwn(carrier, key) ? readTexts(carrier, key) : undefined),
};

/** The names of headers are the same in upper and lower case. */
export const HEADERS_GETTER: TextMapGetter<object> = {
  keys: (carrier) => Object.keys(carrier),
  get: (carrier, key) => {
    const exact = TEXT_MAP_GETTER.get(carrier, key);
    if (exact !== undefined) return exact;
    const lower = key.toLowerCase();
    const other = Object.keys(carrier).find((name) => name.toLowerCase() === lower);
    return other === undefined ? undefined : readTexts(carrier, other);
  },
};

function readTexts(carrier: object, key: string): string | string[] | undefined {
  const value: unknown = Reflect.get(carrier, key);
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  return value.every((item) => typeof item === 'string') ? value : undefined;
}
