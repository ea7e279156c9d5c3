import { diag } from '@opentelemetry/api';
import { unreachable } from '@clew/model';
import { fetchText } from './fetch-text.ts';
import { PerOperationSampler } from './per-operation-sampler.ts';
import { RateLimitingSampler } from './rate-limiting-sampler.ts';
import { RatioSampler } from './ratio-sampler.ts';
import type { SpanSampler } from './sampler.ts';
import { parseStrategy } from './strategy.ts';
import type { SamplingStrategy } from './strategy.ts';

export interface StrategyPollerOptions {
  /** Where strategies are asked for; the service is added. */
  readonly endpoint: URL;
  readonly serviceName: string;
  readonly pollingIntervalMs: number;
  /** Told at once what to sample by from now on. */
  readonly onSampler: (sampler: SpanSampler) => void;
}

const MAX_TIMEOUT_MS = 10_000;
/** Of the interval, to both sides: processes that started together do not ask together for ever. */
const JITTER = 0.1;

/** Asks a Jaeger sampling endpoint again and again. While it does not answer, what it said last goes on. */
export class StrategyPoller {
  readonly #options: StrategyPollerOptions;
  readonly #url: URL;
  #timer: NodeJS.Timeout | undefined;
  #lastAnswer = '';
  #perOperation: PerOperationSampler | undefined;
  #isFailing = false;
  #isClosed = false;

  constructor(options: StrategyPollerOptions) {
    this.#options = options;
    this.#url = new URL(options.endpoint);
    this.#url.searchParams.set('service', options.serviceName);
  }

  /** Begins with a question at once. */
  start(): void {
    void this.#poll();
  }

  /** Nobody is told anything any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #poll(): Promise<void> {
    const { pollingIntervalMs } = this.#options;
    const answer = await fetchText(this.#url, Math.min(pollingIntervalMs, MAX_TIMEOUT_MS));
    if (this.#isClosed) return;
    if (answer.status === 'success') this.#apply(answer.text);
    else this.#report(answer.message);
    const delayMs = pollingIntervalMs * (1 - JITTER + 2 * JITTER * Math.random());
    this.#timer = setTimeout(() => void this.#poll(), delayMs).unref();
  }

  #apply(text: string): void {
    const strategy = parseStrategy(text);
    if (strategy === undefined) {
      this.#report('the answer is not a sampling strategy');
      return;
    }
    this.#isFailing = false;
    // What has been saved up and used under a strategy stays, as long as it is the same.
    if (text === this.#lastAnswer) return;
    this.#lastAnswer = text;
    this.#options.onSampler(this.#createSampler(strategy));
  }

  #createSampler(strategy: SamplingStrategy): SpanSampler {
    const previous = this.#perOperation;
    this.#perOperation = undefined;
    switch (strategy.type) {
      case 'ratio':
        return new RatioSampler(strategy.probability, {
          'sampler.type': 'probabilistic',
          'sampler.param': strategy.probability,
        });
      case 'rate':
        return new RateLimitingSampler(strategy.maxPerSecond);
      case 'per_operation':
        this.#perOperation = new PerOperationSampler({ ...strategy, previous });
        return this.#perOperation;
      default:
        return unreachable(strategy);
    }
  }

  /** Once, until it works again. */
  #report(message: string): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    const { origin, pathname } = this.#url;
    diag.warn(`clew: no sampling strategy from ${origin}${pathname}, keeping the last: ${message}`);
  }
}
