import { GuaranteedSampler } from './guaranteed-sampler.ts';
import { RatioSampler } from './ratio-sampler.ts';
import type { SamplingDecision, SpanCandidate, SpanSampler } from './sampler.ts';
import { TokenBucket, monotonicMs } from './token-bucket.ts';
import type { MonotonicMs } from './token-bucket.ts';

export interface PerOperationOptions {
  /** Of operations that are not named. Between 0 and 1. */
  readonly defaultProbability: number;
  /** How many traces each operation gets at least, where it has so many. */
  readonly lowerBoundPerSecond: number;
  readonly probabilityByOperation: ReadonlyMap<string, number>;
  readonly nowMs?: MonotonicMs;
  /** The sampler that this one replaces: what its operations have used of their lower bound stays used. */
  readonly previous?: PerOperationSampler | undefined;
}

/** An application that puts ids into span names must not fill its memory with samplers. */
const MAX_OPERATIONS = 2000;

/**
 * A share of its own for each operation, which is a span's name, as Jaeger's `perOperationStrategies` have it. Meant for the first
 * spans of traces, inside `ParentBasedSampler`.
 */
export class PerOperationSampler implements SpanSampler {
  readonly description: string;
  readonly #options: PerOperationOptions;
  readonly #default: RatioSampler;
  readonly #lowerBound: SamplingDecision;
  readonly #byOperation = new Map<string, GuaranteedSampler>();

  constructor(options: PerOperationOptions) {
    const { defaultProbability, lowerBoundPerSecond, probabilityByOperation, previous } = options;
    this.description = `PerOperation{default=${defaultProbability},operations=${probabilityByOperation.size}}`;
    this.#options = { ...options, previous: undefined };
    this.#default = createRatio(defaultProbability);
    const attributes = { 'sampler.type': 'lowerbound', 'sampler.param': lowerBoundPerSecond };
    this.#lowerBound = { isSampled: true, attributes };
    const buckets = previous === undefined ? undefined : this.#bucketsOf(previous);
    for (const [operation, probability] of probabilityByOperation) {
      this.#add(operation, createRatio(probability), buckets?.get(operation));
    }
    for (const [operation, bucket] of buckets ?? []) {
      if (!this.#byOperation.has(operation)) this.#add(operation, this.#default, bucket);
    }
  }

  decide(candidate: SpanCandidate): SamplingDecision {
    const known = this.#byOperation.get(candidate.name);
    if (known !== undefined) return known.decide(candidate);
    const added = this.#add(candidate.name, this.#default, undefined);
    return (added ?? this.#default).decide(candidate);
  }

  #add(
    operation: string,
    ratio: RatioSampler,
    bucket: TokenBucket | undefined,
  ): GuaranteedSampler | undefined {
    if (this.#byOperation.size >= MAX_OPERATIONS) return undefined;
    const sampler = new GuaranteedSampler(ratio, bucket ?? this.#newBucket(), this.#lowerBound);
    this.#byOperation.set(operation, sampler);
    return sampler;
  }

  #newBucket(): TokenBucket {
    const { lowerBoundPerSecond, nowMs } = this.#options;
    const capacity = Math.max(lowerBoundPerSecond, 1);
    return new TokenBucket(lowerBoundPerSecond, capacity, nowMs ?? monotonicMs);
  }

  /** None when the bound is another now: then all start anew. */
  #bucketsOf(previous: PerOperationSampler): ReadonlyMap<string, TokenBucket> {
    if (previous.#options.lowerBoundPerSecond !== this.#options.lowerBoundPerSecond) {
      return new Map();
    }
    return new Map(
      Array.from(previous.#byOperation, ([operation, { bucket }]) => [operation, bucket]),
    );
  }
}

function createRatio(probability: number): RatioSampler {
  return new RatioSampler(probability, {
    'sampler.type': 'probabilistic',
    'sampler.param': probability,
  });
}
