import type { RequestOptions } from 'node:http';

/** The arguments of `http.request`, in whichever of its forms they were given. */
export interface RequestArguments {
  /** The URL as it was given, when the first argument is one. */
  readonly input: string | URL | undefined;
  readonly options: RequestOptions;
  /** The callback, and whatever else was given. */
  readonly rest: readonly unknown[];
  readonly method: string;
  /** Where the request goes; `undefined` when that cannot be told, and then Node will hardly send it. */
  readonly url: URL | undefined;
}

/** `request(url)`, `request(url, callback)`, `request(url, options)`, `request(url, options, callback)`, and without URL. */
export function parseRequestArguments(
  args: readonly unknown[],
  protocol: 'http:' | 'https:',
): RequestArguments {
  const [first, second, ...others] = args;
  const input = typeof first === 'string' || first instanceof URL ? first : undefined;
  const afterInput = input === undefined ? args : args.slice(1);
  const given = input === undefined ? first : second;
  const hasOptions = typeof given === 'object' && given !== null;
  const options: RequestOptions = hasOptions ? given : {};
  const isPlaceholder = given === undefined || given === null || hasOptions;
  return {
    input,
    options,
    rest: isPlaceholder ? (input === undefined ? args.slice(1) : others) : afterInput,
    method: options.method ?? 'GET',
    url: resolveUrl(input, options, protocol),
  };
}

/** The same arguments with more headers. The caller's objects are not changed, and these headers win over theirs. */
export function withCarriedHeaders(
  { input, options, rest }: RequestArguments,
  carrier: Readonly<Record<string, string>>,
): unknown[] {
  const changed = { ...options, headers: mergeHeaders(options.headers, carrier) };
  return input === undefined ? [changed, ...rest] : [input, changed, ...rest];
}

type Headers = RequestOptions['headers'];

function mergeHeaders(headers: Headers, carrier: Readonly<Record<string, string>>): Headers {
  // A list of names and values in turn, as `rawHeaders` of a request that a proxy hands on.
  if (Array.isArray(headers)) {
    const kept = headers.filter((_, i) => !isCarried(headers[i - (i % 2)], carrier));
    return [...kept, ...Object.entries(carrier).flat()];
  }
  const kept = Object.entries(headers ?? {}).filter(([name]) => !isCarried(name, carrier));
  return { ...Object.fromEntries(kept), ...carrier };
}

function isCarried(name: unknown, carrier: Readonly<Record<string, string>>): boolean {
  return typeof name === 'string' && Object.hasOwn(carrier, name.toLowerCase());
}

/** As Node does it: what the options say wins over the URL. */
function resolveUrl(
  input: string | URL | undefined,
  options: RequestOptions,
  protocol: 'http:' | 'https:',
): URL | undefined {
  const base = parse(input === undefined ? `${protocol}//localhost/` : String(input));
  if (base === undefined) return undefined;
  const path = options.path ?? `${base.pathname}${base.search}`;
  // A path that is a whole URL is a request to a proxy.
  if (!path.startsWith('/')) return parse(path);
  const scheme = options.protocol ?? base.protocol;
  const host = options.hostname ?? options.host ?? base.hostname;
  const port = options.port ?? options.defaultPort ?? base.port;
  const origin = parse(`${scheme}//${isBareIpv6(host) ? `[${host}]` : host}:${port}`);
  return origin && parse(`${origin.origin}${path}`);
}

function isBareIpv6(host: string): boolean {
  return host.includes(':') && !host.startsWith('[');
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
