/**
 * Compares a store with what a sender had acknowledged, in a process of its own, because an engine's directory is opened
 * by one process at a time and given back only when that one ends.
 */
import type { Session } from 'chdb';
import { Acknowledgements } from './acknowledgements.ts';
import { DATABASE, openEngine, select } from './engine.ts';
import { spanNumberOf } from './identity.ts';
import type { CheckedRollup, CheckedStore, StoreToCheck, TableSize } from './checked-store.ts';
import { APPROXIMATE, ROLLUPS, SOURCES } from './rollups.ts';

const ID_BYTES = 24;

async function check(store: StoreToCheck): Promise<CheckedStore> {
  using session = openEngine(store.dataDir);
  const tables = readTableSizes(session);
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
    unknownTables: findUnknown(tables),
    tables,
    mergedTables: store.mergeFully ? mergeFully(session) : [],
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
        OR scope_id NOT IN (SELECT id FROM ${DATABASE}.scopes)
        OR (attribute_set_id != 0 AND attribute_set_id NOT IN (SELECT id FROM ${DATABASE}.attribute_sets))`,
  );
  return Number(row?.count);
}

/** Compares what is kept of each rollup that the store has with what all spans come to now. */
function recount(session: Session): CheckedRollup[] {
  const tables = select<{ name: string }>(session, `SHOW TABLES FROM ${DATABASE}`);
  const pairs = ROLLUPS.filter(({ table }) => tables.some(({ name }) => name === table));
  return pairs.map(({ table, kept, recounted }) => {
    const asKept = `SELECT toString(tuple(*)) AS row FROM (${kept})`;
    const asCounted = `SELECT toString(tuple(*)) AS row FROM (${recounted})`;
    const differing = `SELECT row FROM ((${asKept} EXCEPT ${asCounted}) UNION ALL (${asCounted} EXCEPT ${asKept}))`;
    const [found] = select<{ rows: string; differing: string; examples: readonly string[] }>(
      session,
      `SELECT (SELECT count() FROM (${asCounted})) AS rows, count() AS differing, groupArray(4)(row) AS examples
       FROM (${differing} ORDER BY row)`,
    );
    return {
      table,
      rows: Number(found?.rows),
      differing: Number(found?.differing),
      examples: found?.examples ?? [],
    };
  });
}

function findUnknown(tables: readonly TableSize[]): string[] {
  const known = new Set([...SOURCES, ...APPROXIMATE, ...ROLLUPS.map(({ table }) => table)]);
  return tables.map(({ table }) => table).filter((table) => !known.has(table));
}

function readTableSizes(session: Session): TableSize[] {
  const tables = select<{ table: string; rows: string; parts: string; bytes: string }>(
    session,
    `SELECT table, sum(rows) AS rows, count() AS parts, sum(bytes_on_disk) AS bytes
     FROM system.parts WHERE database = '${DATABASE}' AND active GROUP BY table ORDER BY bytes DESC`,
  );
  return tables.map(({ table, rows, parts, bytes }) => ({
    table,
    rows: Number(rows),
    parts: Number(parts),
    bytes: Number(bytes),
  }));
}

function mergeFully(session: Session): TableSize[] {
  for (const { table } of readTableSizes(session)) {
    session.query(`OPTIMIZE TABLE ${DATABASE}.${table} FINAL`);
  }
  return readTableSizes(session);
}

async function answer(store: StoreToCheck): Promise<void> {
  process.send?.(await check(store));
  process.disconnect();
}

process.on('message', (store: StoreToCheck) => void answer(store));
