import { diag } from '@opentelemetry/api';
import { RatioSampler } from './ratio-sampler.ts';
import type { SamplingDecision, SpanCandidate, SpanSampler } from './sampler.ts';
import type { StrategyPoller } from './strategy-poller.ts';

export interface RemoteSamplerOptions {
  /** Of a Jaeger sampling endpoint, such as `http://localhost:5778/sampling`. */
  readonly endpoint: URL;
  readonly serviceName: string;
  readonly pollingIntervalMs: number;
  /** Between 0 and 1; what is sampled by until the endpoint has answered. */
  readonly initialSamplingRate: number;
}

/**
 * Samples as a Jaeger sampling endpoint says. Meant for the first spans of traces, inside `ParentBasedSampler`. Most programs do not
 * ask one, so the part that asks is loaded when it is needed.
 */
export class RemoteSampler implements SpanSampler {
  readonly description: string;
  #current: SpanSampler;
  #poller: StrategyPoller | undefined;
  #isClosed = false;

  constructor(options: RemoteSamplerOptions) {
    const { origin, pathname } = options.endpoint;
    this.description = `JaegerRemote{endpoint=${origin}${pathname},pollingIntervalMs=${options.pollingIntervalMs},initialSamplingRate=${options.initialSamplingRate}}`;
    this.#current = new RatioSampler(options.initialSamplingRate);
    void this.#start(options);
  }

  decide(candidate: SpanCandidate): SamplingDecision {
    return this.#current.decide(candidate);
  }

  close(): void {
    this.#isClosed = true;
    this.#poller?.close();
  }

  async #start(options: RemoteSamplerOptions): Promise<void> {
    try {
      const { StrategyPoller } = await import('./strategy-poller.ts');
      if (this.#isClosed) return;
      const onSampler = (sampler: SpanSampler): void => void (this.#current = sampler);
      this.#poller = new StrategyPoller({ ...options, onSampler });
      this.#poller.start();
    } catch (cause) {
      diag.error(`clew: sampling strategies cannot be asked for: ${String(cause)}`);
    }
  }
}
