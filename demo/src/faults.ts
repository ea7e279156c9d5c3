/** What can be made to go wrong in the shop, on purpose: `--fault NAME`. By default nothing does. */
export const FAULTS = {
  'slow-query': 'the query that sets the goods aside takes the database 200 ms',
  'n-plus-one': 'the stock is counted shelf by shelf, by a query for each',
  'failing-dependency': 'the bank refuses to work at first; each payment is tried up to four times',
  'slow-instance': 'one of three instances of the user-service is 400 ms slower than the others',
  'bad-version':
    'after 30 s one of three instances of the payment-service is a new version, with a bug',
  'lock-contention': 'all orders wait for one lock, which each of them holds for 300 ms',
} as const;

export type FaultName = keyof typeof FAULTS;

/** Each name and its description in a line of its own. */
export const FAULT_LIST: string = Object.entries(FAULTS)
  .map(([name, description]) => `  ${name.padEnd(20)}${description}`)
  .join('\n');

/** Reads names between commas. Throws an error that lists all names when one is unknown. */
export function parseFaults(text: string): ReadonlySet<FaultName> {
  const names = text.split(',').map((name) => name.trim());
  return new Set(names.filter((name) => name !== '').map(parseFault));
}

function parseFault(name: string): FaultName {
  if (Object.hasOwn(FAULTS, name)) return name as FaultName;
  throw new Error(`no fault is called "${name}"; there are:\n${FAULT_LIST}`);
}

/** The faults of a service that runs as a program: `FAULTS` in its environment. */
export function readFaults(): ReadonlySet<FaultName> {
  return parseFaults(process.env['FAULTS'] ?? '');
}
