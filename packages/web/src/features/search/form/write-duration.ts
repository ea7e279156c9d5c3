const UNITS = [
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
  ['ns', 1],
] as const;

/** Nanoseconds as the API's parameters take them: `1.2s`. */
export function writeDuration(ns: number): string {
  const [name, nanos] = UNITS.find(([, nanos]) => ns >= nanos) ?? UNITS[3];
  return `${Number((ns / nanos).toPrecision(12))}${name}`;
}
