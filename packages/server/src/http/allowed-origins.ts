/**
 * Makes a test for web origins out of patterns: `*` for all, or an origin in which the host may begin with `*.` (any
 * name below) and the port may be `*` (any port, the default one included).
 */
export function createOriginMatcher(patterns: readonly string[]): (origin: string) => boolean {
  if (patterns.includes('*')) return () => true;
  const expressions = patterns.map(toExpression);
  return (origin) => {
    const text = origin.toLowerCase();
    return expressions.some((expression) => expression.test(text));
  };
}

function toExpression(pattern: string): RegExp {
  const [, scheme = '', wildcard = '', host = '', port = ''] =
    /^(https?:\/\/)(\*\.)?(.*?)(:(?:\d+|\*))?$/.exec(pattern) ?? [];
  const anyName = wildcard === '' ? '' : '(?:[a-z0-9_-]+\\.)+';
  const anyPort = port === ':*' ? '(?::\\d+)?' : escape(port);
  return new RegExp(`^${escape(scheme)}${anyName}${escape(host)}${anyPort}$`);
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}
