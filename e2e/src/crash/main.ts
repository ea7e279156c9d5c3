/** `npm run test:crash -- --kills 50`: the long form of the crash test, on the built server at full load. */
import { parseArgs } from 'node:util';
import { runCrashes } from './crash-run.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    'max-life-ms': { type: 'string', default: '2500' },
    rate: { type: 'string' },
    'linger-ms': { type: 'string', default: '110000' },
  },
});

const { report, checked, ...run } = await runCrashes({
  kills: Number(values.kills),
  maxLifeMs: Number(values['max-life-ms']),
  longLifeMs: [5000, 8000],
  spansPerRequest: 2000,
  rate: values.rate === undefined ? undefined : Number(values.rate),
  lingerMs: Number(values['linger-ms']),
  from: 'dist',
  onProgress: console.log,
});

const { tables: _, mergedTables: __, ...counts } = checked;
console.dir({ ...run, requests: report.requests, ...counts }, { depth: 4 });
for (const [reason, count] of report.failures) console.log(`${count} × ${reason}`);

const { lost, doubled, foreign, dangling, rollups, unknownTables } = checked;
const differing = rollups.reduce((sum, rollup) => sum + rollup.differing, 0);
if (lost + doubled + foreign + dangling + differing > 0) {
  throw new Error('the store does not hold what was acknowledged');
}
// Edges are computed when a minute has ended for a while; who waits less long may see none.
const hasEdges = Number(values['linger-ms']) >= 110_000;
const isEmpty = rollups.some(({ table, rows }) => rows === 0 && (hasEdges || table !== 'edges_1m'));
if (unknownTables.length > 0 || isEmpty) {
  throw new Error('some rollups are empty, or nobody said how to recount them');
}
