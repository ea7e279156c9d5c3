import { unreachable } from '@clew/model';
import type { SamplerConfig } from '../config/sampler-config.ts';
import { AlwaysOffSampler } from './always-off-sampler.ts';
import { AlwaysOnSampler } from './always-on-sampler.ts';
import { ParentBasedSampler } from './parent-based-sampler.ts';
import { RatioSampler } from './ratio-sampler.ts';
import { RemoteSampler } from './remote-sampler.ts';
import type { SpanSampler } from './sampler.ts';

/** The sampler that options and environment ask for; whoever makes it closes it. */
export function createSampler(config: SamplerConfig, serviceName: string): SpanSampler {
  switch (config.type) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'ratio':
      return new RatioSampler(config.probability);
    case 'jaeger_remote':
      return new RemoteSampler({ ...config, serviceName });
    case 'parent_based':
      return new ParentBasedSampler({ root: createSampler(config.root, serviceName) });
    case 'custom':
      return config.sampler;
    default:
      return unreachable(config);
  }
}
