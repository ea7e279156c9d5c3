/**
 * Every option of `clew serve`, in one table: its name, its default, what it accepts. Flag, environment variable, file
 * key and `--help` are all made from it. Options are read once and checked once, before anything is started, so nothing
 * else in the server ever sees a value that cannot be used.
 */
import { ConfigError, shorten } from '@clew/model';
import { parseDocument } from 'yaml';
import { OPTIONS } from './config-options.ts';
import type { Config, Definition } from './config-options.ts';

export type { Config } from './config-options.ts';
export type { PortSetting } from './config-values.ts';

/** An option as a user meets it. */
export interface ConfigOption {
  /** With its dashes: `--http-port`. */
  readonly flag: string;
  /** What stands for the value in `--help`: `port`. */
  readonly placeholder: string;
  readonly environmentVariable: string;
  readonly description: string;
  readonly defaultText: string;
}

/** Where options come from. Flags are given without their dashes. */
export interface ConfigSources {
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
}

/**
 * Reads all options: a flag wins over an environment variable, that over the file, that over the default. An empty
 * environment variable counts as absent. Throws `ConfigError`, which names the option the way it was written.
 */
export function loadConfig(sources: ConfigSources): Config {
  const file = readConfigFile(sources);
  const config = Object.fromEntries(
    Object.entries(OPTIONS).map(([field, option]) => [
      field,
      parseSetting(findSetting(option, sources, file), option),
    ]),
  ) as unknown as Config;
  checkPortsDiffer(config);
  return config;
}

const OPTION_NAMES = Object.values(OPTIONS).map((option) => option.name);

type Described = Pick<Definition<unknown>, 'name' | 'placeholder' | 'description' | 'defaultText'>;

/** The option that names the file with the others. */
const FILE_OPTION: Described = {
  name: 'config',
  placeholder: 'file',
  description: 'YAML file with options, named as the flags are without their dashes',
  defaultText: '',
};

/** All options in the order `--help` shows them; the file's own name last. */
export const CONFIG_OPTIONS: readonly ConfigOption[] = [...Object.values(OPTIONS), FILE_OPTION].map(
  describe,
);

function describe({ name, placeholder, description, defaultText }: Described): ConfigOption {
  return {
    flag: `--${name}`,
    placeholder,
    environmentVariable: environmentVariable(name),
    description,
    defaultText,
  };
}

function environmentVariable(name: string): string {
  return `CLEW_${name.toUpperCase().replaceAll('-', '_')}`;
}

interface ConfigFile {
  readonly path: string;
  readonly settings: ReadonlyMap<string, string>;
}

interface Setting {
  /** The option as the user wrote it. */
  readonly key: string;
  /** Where, when the key does not tell. */
  readonly place: string;
  readonly text: string;
}

function findSetting(
  { name, defaultText }: Pick<Described, 'name' | 'defaultText'>,
  { flags, environment }: ConfigSources,
  file: ConfigFile | undefined,
): Setting {
  const flag = flags[name];
  if (flag !== undefined) return { key: `--${name}`, place: '', text: flag };
  const variable = environment[environmentVariable(name)];
  if (variable !== undefined && variable !== '')
    return { key: environmentVariable(name), place: '', text: variable };
  const line = file?.settings.get(name);
  if (line !== undefined) return { key: name, place: ` in ${file?.path}`, text: line };
  return { key: `--${name}`, place: '', text: defaultText };
}

function parseSetting(
  { key, place, text }: Setting,
  { expected, parse }: Definition<unknown>,
): unknown {
  const value = parse(text.trim());
  if (value !== undefined) return value;
  throw new ConfigError(`${key}${place} is "${shorten(text)}": expected ${expected}`, {
    key,
    value: text,
  });
}

function readConfigFile(sources: ConfigSources): ConfigFile | undefined {
  const { key, text: path } = findSetting(FILE_OPTION, sources, undefined);
  if (path === '') return undefined;
  const document = parseDocument(readText(sources, key, path), { schema: 'failsafe' });
  const broken = document.errors[0];
  if (broken !== undefined) {
    const reason = broken.message.split('\n')[0]?.replace(/:$/, '') ?? '';
    throw new ConfigError(`${path} is not YAML: ${reason}`, { key, value: path, cause: broken });
  }
  const content: unknown = document.toJS();
  if (content === null || content === '') return { path, settings: new Map() };
  if (typeof content !== 'object' || Array.isArray(content)) {
    throw new ConfigError(`${path} must hold a line per option, such as "http-port: 16686"`, {
      key,
      value: path,
    });
  }
  const settings = Object.entries(content).map(([name, value]): [string, string] => [
    name,
    readFileValue(path, name, value),
  ]);
  return { path, settings: new Map(settings) };
}

function readText({ readFile }: ConfigSources, key: string, path: string): string {
  try {
    return readFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`${key} names a file that cannot be read: ${reason}`, {
      key,
      value: path,
      cause,
    });
  }
}

/** A value of the file as the flag would be written: lists are joined by commas. */
function readFileValue(path: string, name: string, value: unknown): string {
  if (!OPTION_NAMES.includes(name)) {
    throw new ConfigError(
      `unknown option in ${path}: "${shorten(name)}"; known are ${OPTION_NAMES.join(', ')}`,
      { key: name },
    );
  }
  if (typeof value === 'string' && value !== '') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.join(',');
  throw new ConfigError(`${name} in ${path} needs a value: expected text, a number or a list`, {
    key: name,
    value: JSON.stringify(value),
  });
}

/** Two listeners on one port would fail one after the other and name the wrong culprit. */
function checkPortsDiffer(config: Config): void {
  const ports = Object.entries({
    '--http-port': config.httpPort,
    '--otlp-grpc-port': config.otlpGrpcPort,
    '--otlp-http-port': config.otlpHttpPort,
    '--jaeger-grpc-port': config.jaegerGrpcPort,
    '--jaeger-http-port': config.jaegerHttpPort,
    '--jaeger-query-grpc-port': config.jaegerQueryGrpcPort,
    '--zipkin-port': config.zipkinPort,
    '--tempo-port': config.tempoPort,
    '--health-port': config.healthPort,
    '--metrics-port': config.metricsPort,
  }).filter(([, port]) => port !== 'off' && port !== 0);
  for (const [index, [flag, port]] of ports.entries()) {
    const other = ports.slice(0, index).find(([, earlier]) => earlier === port);
    if (other === undefined) continue;
    throw new ConfigError(`${flag} and ${other[0]} are both ${port}: expected different ports`, {
      key: flag,
      value: String(port),
    });
  }
}
