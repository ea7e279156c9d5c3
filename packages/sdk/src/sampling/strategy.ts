/** What a Jaeger sampling endpoint tells a service to do. */
export type SamplingStrategy =
  | { readonly type: 'ratio'; readonly probability: number }
  | { readonly type: 'rate'; readonly maxPerSecond: number }
  | {
      readonly type: 'per_operation';
      readonly defaultProbability: number;
      readonly lowerBoundPerSecond: number;
      readonly probabilityByOperation: ReadonlyMap<string, number>;
    };

/**
 * Reads Jaeger's `SamplingStrategyResponse` (jaeger-idl, proto/api_v2/sampling.proto) in its JSON form. Strategies by operation win
 * over the one beside them, and fields that are left out are zero, as in protobuf. `undefined` when it is none.
 */
export function parseStrategy(text: string): SamplingStrategy | undefined {
  const answer = parseObject(text);
  if (answer === undefined) return undefined;
  const operations = fieldOf(answer, 'operationSampling');
  if (operations !== undefined) return readPerOperation(operations);
  if (RATE_LIMITING.has(answer['strategyType'])) {
    const rate = readNumber(fieldOf(answer, 'rateLimitingSampling'), 'maxTracesPerSecond');
    return rate === undefined ? undefined : { type: 'rate', maxPerSecond: rate };
  }
  const probability = readProbability(fieldOf(answer, 'probabilisticSampling'), 'samplingRate');
  return probability === undefined ? undefined : { type: 'ratio', probability };
}

/** By its name, and by its number as some encoders write it. */
const RATE_LIMITING: ReadonlySet<unknown> = new Set(['RATE_LIMITING', 1]);

type JsonObject = Readonly<Record<string, unknown>>;

function readPerOperation(sampling: JsonObject): SamplingStrategy | undefined {
  const defaultProbability = readProbability(sampling, 'defaultSamplingProbability');
  const lowerBoundPerSecond = readNumber(sampling, 'defaultLowerBoundTracesPerSecond');
  if (defaultProbability === undefined || lowerBoundPerSecond === undefined) return undefined;
  const probabilityByOperation = new Map<string, number>();
  const strategies: unknown = sampling['perOperationStrategies'];
  for (const strategy of Array.isArray(strategies) ? strategies : []) {
    if (!isObject(strategy)) continue;
    const { operation } = strategy;
    const rate = readProbability(fieldOf(strategy, 'probabilisticSampling'), 'samplingRate');
    if (typeof operation === 'string' && rate !== undefined) {
      probabilityByOperation.set(operation, rate);
    }
  }
  return { type: 'per_operation', defaultProbability, lowerBoundPerSecond, probabilityByOperation };
}

function readProbability(object: JsonObject | undefined, key: string): number | undefined {
  const value = readNumber(object, key);
  return value === undefined || value > 1 ? undefined : value;
}

/** A number from zero up. */
function readNumber(object: JsonObject | undefined, key: string): number | undefined {
  if (object === undefined) return undefined;
  const value = object[key] ?? 0;
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function fieldOf(object: JsonObject, key: string): JsonObject | undefined {
  const value = object[key];
  return isObject(value) ? value : undefined;
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // Not JSON; the caller says so with the address.
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null;
}
