/**
 * Compares a store with what a sender had acknowledged, in a process of its own, because an engine's directory is opened
 * by one process at a time and given back only when that one ends.
 */
import { join } from 'node:path';
import { Session } from 'chdb';
import { Acknowledgements } from './acknowledgements.ts';
import { spanNumberOf } from './identity.ts';
import type { CheckedStore, StoreToCheck } from './checked-store.ts';

const DATABASE = 'clew';
const ID_BYTES = 24;

async function check(store: StoreToCheck): Promise<CheckedStore> {
  using session = new Session(join(store.dataDir, 'engine'));
  const { runOfRequests: run, requests } = store;
  const times = new Uint8Array(requests * run.spansPerRequest);
  let stored = 0;
  let foreign = 0;
  for await (const chunk of session.queryStream(`SELECT trace_id, span_id FROM ${DATABASE}.spans`, {
    format: 'RowBinary',
  })) {
    const bytes = chunk.raw();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < bytes.length; at += ID_BYTES) {
      const span = spanNumberOf(view, at, run);
      stored++;
      if (span < 0 || span >= times.length) foreign++;
      else times[span] = Math.min((times[span] ?? 0) + 1, 255);
    }
  }
  return {
    stored,
    foreign,
    ...compare(times, store),
    dangling: countDangling(session),
    rollups: store.withRollups ? recount(session) : [],
  };
}

function compare(
  times: Uint8Array,
  { runOfRequests, requests, acknowledged }: StoreToCheck,
): Pick<CheckedStore, 'acknowledged' | 'lost' | 'doubled' | 'unacknowledged'> {
  const acknowledgements = Acknowledgements.fromText(acknowledged);
  const counts = { acknowledged: 0, lost: 0, doubled: 0, unacknowledged: 0 };
  for (let request = 0; request < requests; request++) {
    const isAcknowledged = acknowledgements.has(request);
    const first = request * runOfRequests.spansPerRequest;
    for (let span = first; span < first + runOfRequests.spansPerRequest; span++) {
      const stored = times[span] ?? 0;
      if (isAcknowledged) counts.acknowledged++;
      if (isAcknowledged && stored === 0) counts.lost++;
      if (stored > 1) counts.doubled++;
      if (!isAcknowledged && stored > 0) counts.unacknowledged++;
    }
  }
  return counts;
}

function countDangling(session: Session): number {
  const [row] = select<{ count: string }>(
    session,
    `SELECT count() AS count FROM ${DATABASE}.spans
     WHERE resource_id NOT IN (SELECT id FROM ${DATABASE}.resources)
        OR scope_id NOT IN (SELECT id FROM ${DATABASE}.scopes)`,
  );
  return Number(row?.count);
}

/**
 * Compares each rollup with what its view makes of all spans now. Rows of a rollup that the engine has yet to merge are
 * merged here, column by column, as the column's type says.
 */
function recount(session: Session): CheckedStore['rollups'] {
  const views = select<{ view: string; target: string; query: string }>(
    session,
    `SELECT name AS view, extract(create_table_query, 'TO ([\\w.]+)') AS target, as_select AS query
     FROM system.tables WHERE database = '${DATABASE}' AND engine = 'MaterializedView'`,
  );
  return views.map(({ view, target, query }) => {
    const columns = select<{ name: string; aggregate: string }>(
      session,
      `SELECT name, extract(type, '^SimpleAggregateFunction\\((\\w+)') AS aggregate
       FROM system.columns WHERE concat(database, '.', table) = '${target}'`,
    );
    const keys = columns.filter(({ aggregate }) => aggregate === '').map(({ name }) => name);
    const merged = columns.map(({ name, aggregate }) =>
      aggregate === '' ? name : `${aggregate}(${name})`,
    );
    const names = columns.map(({ name }) => name);
    const asKept = `SELECT toString((${merged.join(', ')})) AS row FROM ${target} GROUP BY ${keys.join(', ')}`;
    const asCounted = `SELECT toString((${names.join(', ')})) AS row FROM (${query})`;
    const differing = `SELECT row FROM ((${asKept} EXCEPT ${asCounted}) UNION ALL (${asCounted} EXCEPT ${asKept}))`;
    const [row] = select<{ count: string; examples: readonly string[] }>(
      session,
      `SELECT count() AS count, groupArray(4)(row) AS examples FROM (${differing} ORDER BY row)`,
    );
    return { view, differing: Number(row?.count), examples: row?.examples ?? [] };
  });
}

function select<Row>(session: Session, query: string): Row[] {
  return session
    .query(query, 'JSONEachRow')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

async function answer(store: StoreToCheck): Promise<void> {
  process.send?.(await check(store));
  process.disconnect();
}

process.on('message', (store: StoreToCheck) => void answer(store));
