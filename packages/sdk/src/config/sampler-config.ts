import { ConfigError, shorten } from '@clew/model';
import { GuardedSampler } from '../sampling/guarded-sampler.ts';
import { OpenTelemetrySampler } from '../sampling/open-telemetry-sampler.ts';
import type { ForeignSampler } from '../sampling/open-telemetry-sampler.ts';
import type { SpanSampler } from '../sampling/sampler.ts';
import { checkChoice } from './check-option.ts';
import type { Environment } from './environment.ts';

/** The names that OpenTelemetry gives its samplers. */
export const SAMPLER_NAMES = [
  'always_on',
  'always_off',
  'traceidratio',
  'jaeger_remote',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
  'parentbased_jaeger_remote',
] as const;

export type SamplerName = (typeof SAMPLER_NAMES)[number];

/** Who decides which spans are recorded. */
export type SamplerConfig =
  | { readonly type: 'always_on' | 'always_off' }
  | { readonly type: 'ratio'; readonly probability: number }
  | {
      readonly type: 'jaeger_remote';
      readonly endpoint: URL;
      readonly pollingIntervalMs: number;
      readonly initialSamplingRate: number;
    }
  | { readonly type: 'parent_based'; readonly root: SamplerConfig }
  | { readonly type: 'custom'; readonly sampler: SpanSampler };

interface SamplerOptions {
  readonly sampler?: SamplerName | SpanSampler | ForeignSampler;
  readonly samplerArg?: string | number;
}

const SAMPLER = 'OTEL_TRACES_SAMPLER';
const ARGUMENT = 'OTEL_TRACES_SAMPLER_ARG';
const DEFAULT_ENDPOINT = 'http://localhost:5778/sampling';
const DEFAULT_INTERVAL_MS = 60_000;
/** What Jaeger's own clients begin with. */
const DEFAULT_INITIAL_RATE = 0.001;

/** Throws `ConfigError` for an option that cannot be used. */
export function resolveSampler(options: SamplerOptions, env: Environment): SamplerConfig {
  const { sampler } = options;
  if (typeof sampler === 'object' && sampler !== null)
    return { type: 'custom', sampler: adopt(sampler) };
  const name =
    checkChoice(sampler, 'sampler', SAMPLER_NAMES) ??
    env.choice(SAMPLER, SAMPLER_NAMES) ??
    'parentbased_always_on';
  const argument = options.samplerArg === undefined ? env.text(ARGUMENT) : options.samplerArg;
  const refuse: Refuse =
    options.samplerArg === undefined
      ? (problem, text) => env.refuse(ARGUMENT, problem, text)
      : refuseOption;
  const kind = name.replace('parentbased_', '') as Kind;
  const root = resolveKind(kind, String(argument ?? ''), refuse);
  return name.startsWith('parentbased_') ? { type: 'parent_based', root } : root;
}

type Kind = 'always_on' | 'always_off' | 'traceidratio' | 'jaeger_remote';

/** Answers with nothing, so that the default is taken, or throws. */
type Refuse = (problem: string, text: string) => undefined;

function refuseOption(problem: string, text: string): undefined {
  throw new ConfigError(`${problem}: "${shorten(text)}"`, { key: 'samplerArg', value: text });
}

function adopt(sampler: SpanSampler | ForeignSampler): SpanSampler {
  if ('decide' in sampler && typeof sampler.decide === 'function') {
    return new GuardedSampler(sampler);
  }
  if ('shouldSample' in sampler && typeof sampler.shouldSample === 'function') {
    return new GuardedSampler(new OpenTelemetrySampler(sampler));
  }
  throw new ConfigError('a sampler has a method decide or shouldSample', { key: 'sampler' });
}

function resolveKind(kind: Kind, argument: string, refuse: Refuse): SamplerConfig {
  if (kind === 'traceidratio') return resolveRatio(argument, refuse);
  return kind === 'jaeger_remote' ? resolveRemote(argument, refuse) : { type: kind };
}

function resolveRatio(argument: string, refuse: Refuse): SamplerConfig {
  if (argument === '') return { type: 'ratio', probability: 1 };
  const probability = parseProbability(argument);
  if (probability !== undefined) return { type: 'ratio', probability };
  refuse('is not a number between 0 and 1', argument);
  return { type: 'ratio', probability: 1 };
}

/** `endpoint=http://host:5778/sampling,pollingIntervalMs=5000,initialSamplingRate=0.25`, each of which may be left out. */
function resolveRemote(argument: string, refuse: Refuse): SamplerConfig {
  const parts = new Map<string, string>();
  for (const part of argument.split(',').filter((part) => part.trim() !== '')) {
    const [key = '', ...value] = part.split('=');
    if (REMOTE_KEYS.has(key.trim())) parts.set(key.trim(), value.join('=').trim());
    else refuse(`has something that is none of ${[...REMOTE_KEYS].join(', ')}`, part);
  }
  const read = <T>(key: string, parse: (text: string) => T | undefined): T | undefined => {
    const text = parts.get(key);
    if (text === undefined || text === '') return undefined;
    return parse(text) ?? refuse(`has a ${key} that cannot be used`, text);
  };
  return {
    type: 'jaeger_remote',
    endpoint: read('endpoint', parseEndpoint) ?? new URL(DEFAULT_ENDPOINT),
    pollingIntervalMs: read('pollingIntervalMs', parseInterval) ?? DEFAULT_INTERVAL_MS,
    initialSamplingRate: read('initialSamplingRate', parseProbability) ?? DEFAULT_INITIAL_RATE,
  };
}

const REMOTE_KEYS: ReadonlySet<string> = new Set([
  'endpoint',
  'pollingIntervalMs',
  'initialSamplingRate',
]);

/** The path `/sampling` is added where the address does not end with it. */
function parseEndpoint(text: string): URL | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith('/sampling') ? path : `${path}/sampling`;
  return url;
}

/** Timers have 31 bits. */
function parseInterval(text: string): number | undefined {
  const value = Number(text);
  return /^\d+$/.test(text) && value > 0 && value < 2 ** 31 / 2 ? value : undefined;
}

function parseProbability(text: string): number | undefined {
  const value = Number(text);
  return text.trim() !== '' && value >= 0 && value <= 1 ? value : undefined;
}
