/** Carrying the context by hand: in the headers of a message, in the environment of a process, in what a worker is given. */
import { context, propagation } from '@opentelemetry/api';
import type { Context, TextMapGetter, TextMapSetter } from '@opentelemetry/api';

/** `Headers`, a `Map`, or anything alike. */
interface HeaderMap {
  get(key: string): unknown;
  set(key: string, value: string): unknown;
  keys(): Iterable<string>;
}

/** Headers of a message: an object of texts, as Kafka has it of bytes, or a map. */
export type Carrier = HeaderMap | Record<string, unknown>;

/** Writes the context into a carrier, and answers with that. */
export function inject<C extends Carrier>(carrier: C, ctx: Context = context.active()): C {
  propagation.inject(ctx, carrier, SETTER);
  return carrier;
}

/** A context with what a carrier holds; without any, `ctx` itself. Names of headers are found in any case. */
export function extract(carrier: Carrier, ctx: Context = context.active()): Context {
  return propagation.extract(ctx, carrier, GETTER);
}

/**
 * Writes the context into a copy of an environment, for a process that is about to be started: `TRACEPARENT`, `TRACESTATE`,
 * `BAGGAGE` (OpenTelemetry, "Environment Variables as Context Propagation Carriers").
 */
export function injectIntoEnv(
  env: Readonly<NodeJS.ProcessEnv> = process.env,
  ctx: Context = context.active(),
): NodeJS.ProcessEnv {
  const copy = { ...env };
  propagation.inject(ctx, copy, {
    set: (target, key, value) => void (target[toVariable(key)] = value),
  });
  return copy;
}

/** The context that this process was started with. */
export function contextFromEnv(
  env: Readonly<NodeJS.ProcessEnv> = process.env,
  ctx: Context = context.active(),
): Context {
  return propagation.extract(ctx, env, {
    get: (source, key) => source[toVariable(key)],
    keys: (source) => Object.keys(source).map((key) => key.toLowerCase().replaceAll('_', '-')),
  });
}

function toVariable(header: string): string {
  return header.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
}

const SETTER: TextMapSetter<Carrier> = {
  set: (carrier, key, value) => {
    if (isHeaderMap(carrier)) carrier.set(key, value);
    else carrier[key] = value;
  },
};

const GETTER: TextMapGetter<Carrier> = {
  get: (carrier, key) => {
    const value = readValue(carrier, key);
    return Array.isArray(value) ? value.map(toText) : toTextOrNone(value);
  },
  keys: (carrier) => (isHeaderMap(carrier) ? [...carrier.keys()] : Object.keys(carrier)),
};

function readValue(carrier: Carrier, key: string): unknown {
  if (isHeaderMap(carrier)) return carrier.get(key) ?? carrier.get(findKey(carrier.keys(), key));
  return Object.hasOwn(carrier, key) ? carrier[key] : carrier[findKey(Object.keys(carrier), key)];
}

/** The key as the carrier spells it. */
function findKey(keys: Iterable<string>, wanted: string): string {
  for (const key of keys) if (key.toLowerCase() === wanted) return key;
  return wanted;
}

function isHeaderMap(carrier: Carrier): carrier is HeaderMap {
  return carrier instanceof Map || (typeof Headers === 'function' && carrier instanceof Headers);
}

function toTextOrNone(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : toText(value);
}

/** Of a text, or of the bytes of one. */
function toText(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString() : String(value);
}
