import { parseArgs } from 'node:util';
import { FAULT_LIST, parseFaults } from './faults.ts';
import type { FaultName } from './faults.ts';
import { parseLanguage } from './user-service-language.ts';
import type { UserServiceLanguage } from './user-service-language.ts';

export interface DemoOptions {
  /** The UI of a Clew that runs already; `undefined` to look at the usual port, and to start one when there is none. */
  readonly clewUrl: string | undefined;
  /** Whether a Clew is looked for and started at all. */
  readonly withClew: boolean;
  /** Orders a second. */
  readonly rate: number;
  readonly seed: number;
  /** One order instead of traffic. */
  readonly once: boolean;
  /** What goes wrong on purpose. */
  readonly faults: ReadonlySet<FaultName>;
  readonly userServiceLanguage: UserServiceLanguage;
  /** What stands after `--`: options of `clew serve`. */
  readonly serveArguments: readonly string[];
}

const DEMO_HELP = `Runs Clew and a small shop that it traces, until Ctrl-C.

  --rate <number>    orders a second (2)
  --seed <number>    the same number makes the same orders (1)
  --fault <name>     make something go wrong, to be found; several with commas,
                     or the option again; --fault list describes them
  --user-service <language>
                     who the user-service is written in: node (the default),
                     go, python or java, where that is installed
  --once             send one order, print its trace id, and end
  --clew-url <url>   use the Clew whose UI is there; its OTLP port is 4318, or
                     what OTEL_EXPORTER_OTLP_ENDPOINT says
  --no-clew          start no Clew and look for none
  --help             this
  -- <options>       what follows is passed to clew serve: -- --data-dir /tmp/x

DATABASE_URL names a PostgreSQL to use instead of the one that comes along.
`;

/** Reads the command line; a text when one was asked for instead. Throws an error that names the option. */
export function parseDemoOptions(args: readonly string[]): DemoOptions | string {
  const separator = args.indexOf('--');
  const own = separator < 0 ? args : args.slice(0, separator);
  const { values } = parseArgs({
    args: [...own],
    options: {
      rate: { type: 'string', default: '2' },
      seed: { type: 'string', default: '1' },
      fault: { type: 'string', multiple: true, default: [] },
      'user-service': { type: 'string', default: 'node' },
      once: { type: 'boolean', default: false },
      'clew-url': { type: 'string' },
      'no-clew': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return DEMO_HELP;
  if (values.fault.includes('list')) return FAULT_LIST;
  const rate = parseNumber('--rate', values.rate);
  if (rate <= 0) throw new Error(`--rate is not above zero: "${values.rate}"`);
  const clewUrl = values['clew-url'];
  if (clewUrl !== undefined && !URL.canParse(clewUrl)) {
    throw new Error(`--clew-url is not a URL: "${clewUrl}"`);
  }
  return {
    clewUrl: clewUrl?.replace(/\/+$/, ''),
    withClew: !values['no-clew'],
    rate,
    seed: parseNumber('--seed', values.seed),
    once: values.once,
    faults: parseFaults(values.fault.join(',')),
    userServiceLanguage: parseLanguage(values['user-service']),
    serveArguments: separator < 0 ? [] : args.slice(separator + 1),
  };
}

function parseNumber(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new Error(`${option} is not a number: "${text}"`);
}
