/**
 * Keeps `edges_1m` up to date. The two sides of a call come in different requests, often in different segments, so edges
 * cannot be counted as spans arrive: a pass in the background joins what is new.
 *
 * A minute is computed as a whole and replaces what was computed of it before, so computing one again, because late spans
 * arrived or because a crash came between, changes nothing that was right. What has to be computed follows from what is
 * stored: `edge_passes` says how many spans a minute had when it was last computed, `red_1m` how many it has. The minutes
 * of inserted segments only say where to look; after a start, that is everywhere once.
 *
 * A minute's calls are found in it and the next, hence a minute is due when the next one is well under way, and again
 * when more arrived: at the latest two minutes after a span began its edges are there.
 */
import type { Clock } from '@clew/model';
import type { Logger } from '../../../telemetry/log.ts';
import type { Engine } from '../engine/engine.ts';
import { RowBinaryReader } from '../engine/row-binary-reader.ts';
import {
  Sql,
  dateTimeLiteral,
  integerLiteral,
  sql,
  textLiteral,
  uint64Literal,
} from '../engine/sql.ts';
import { EDGE_COLUMNS, selectEdges } from './select-edges.ts';
import type { MinuteRange } from './select-edges.ts';

export interface EdgePassOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Logger;
}

/** After a start, when there may be much that an earlier process has left. */
const FIRST_MS = 5000;
const INTERVAL_MS = 20_000;
/** After a minute has ended. */
const DUE_AFTER_MS = 20_000;
/** Of one statement: more spans than this are joined only where one minute has them. */
const MAX_SPANS = 500_000;
const MAX_MINUTES = 60;
/** A pass that has more to do goes on in the next one, so that inserts are not held up for long. */
const MAX_PASS_MS = 5000;
/** Of the time a pass took: edges fall behind before inserts do. */
const REST = 9;
const MS_PER_MINUTE = 60_000;

export class EdgePass {
  readonly #options: EdgePassOptions;
  /** Where to look, by tenant; everywhere until the first pass has looked. */
  #minutes: Map<string, Set<number>> | 'all' = 'all';
  #timer: NodeJS.Timeout | undefined;
  #lastPass = 0;
  #isStopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: EdgePassOptions) {
    this.#options = options;
  }

  /** Spans began in these minutes; `undefined` where that is not known. */
  note(minutes: ReadonlyMap<string, ReadonlySet<number>> | undefined): void {
    if (this.#minutes === 'all') return;
    if (minutes === undefined) {
      this.#minutes = 'all';
      return;
    }
    for (const [tenant, added] of minutes) {
      const known = this.#minutes.get(tenant);
      if (known === undefined) this.#minutes.set(tenant, new Set(added));
      else for (const minute of added) known.add(minute);
    }
  }

  start(): void {
    this.#schedule(FIRST_MS);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** The engine inserts nothing while it computes edges, so a pass that took long is followed by a longer rest. */
  #schedule(delayMs: number): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      const startMs = performance.now();
      this.#running = this.run()
        .catch((error: unknown) => {
          this.#options.log.warn('cannot compute service edges', { error: String(error) });
        })
        .finally(() => {
          const tookMs = performance.now() - startMs;
          this.#schedule(Math.max(INTERVAL_MS, REST * tookMs));
        });
    }, delayMs);
    this.#timer.unref();
  }

  /** Computes what is due. */
  async run(): Promise<void> {
    const { clock } = this.#options;
    const startMs = clock.nowMs();
    const lastDue = Math.floor((startMs - DUE_AFTER_MS) / MS_PER_MINUTE) - 1;
    const looked = this.#minutes;
    if (looked !== 'all' && !hasAny(looked, lastDue)) return;
    this.#minutes = new Map();
    try {
      const found = await this.#findChanged(looked);
      for (const { tenant, minute } of found) {
        if (minute > lastDue) this.note(new Map([[tenant, new Set([minute])]]));
      }
      const changed = found.filter(({ minute }) => minute <= lastDue);
      await this.#computeAll(changed, { endMs: startMs + MAX_PASS_MS, lastDue });
    } catch (error) {
      this.note(looked === 'all' ? undefined : looked);
      throw error;
    }
  }

  async #computeAll(
    changed: readonly ChangedMinute[],
    { endMs, lastDue }: { readonly endMs: number; readonly lastDue: number },
  ): Promise<void> {
    for (const range of toRanges(changed)) {
      // What is left is looked at again as if it had just arrived.
      if (this.#options.clock.nowMs() > endMs) this.note(minutesOf(range));
      else await this.#compute(range, changed, lastDue);
    }
  }

  async #findChanged(minutes: Map<string, Set<number>> | 'all'): Promise<readonly ChangedMinute[]> {
    const where = minutes === 'all' ? new Sql('1') : isAmong(minutes);
    const answer = await this.#options.engine.read(sql`
SELECT tenant, toUInt32(intDiv(toUnixTimestamp(minute), 60)) AS number, toUInt64(counted.spans) AS spans
FROM (
  SELECT toString(tenant) AS tenant, minute, sum(span_count) AS spans
  FROM red_1m WHERE ${where} GROUP BY tenant, minute
) AS counted
LEFT JOIN (
  SELECT toString(tenant) AS tenant, minute, argMax(span_count, pass) AS spans
  FROM edge_passes WHERE ${where} GROUP BY tenant, minute
) AS computed USING (tenant, minute)
WHERE counted.spans != computed.spans
ORDER BY tenant, number`);
    const reader = new RowBinaryReader(answer);
    return reader.rows(() => ({
      tenant: reader.text(),
      minute: reader.uint32(),
      spanCount: Number(reader.uint64()),
    }));
  }

  /** The minutes around are computed too: their calls may have their other sides in what is new. */
  async #compute(
    range: MinuteRange,
    changed: readonly ChangedMinute[],
    lastDue: number,
  ): Promise<void> {
    const { engine, clock } = this.#options;
    // Later than the pass before, whatever the clock says.
    this.#lastPass = Math.max(this.#lastPass + 1, clock.nowMs());
    const pass = BigInt(this.#lastPass);
    const around = {
      ...range,
      first: range.first - 1,
      last: Math.min(range.last + 1, lastDue),
    };
    const columns = EDGE_COLUMNS.map((column) => new Sql(column));
    await engine.execute(sql`
INSERT INTO edges_1m (${columns})
SETTINGS max_threads = 1, join_algorithm = 'grace_hash', max_bytes_in_join = 300000000
${selectEdges(around, pass)}`);
    const rows = changed
      .filter(
        ({ tenant, minute }) =>
          tenant === range.tenant && minute >= range.first && minute <= range.last,
      )
      .map(
        ({ tenant, minute, spanCount }) =>
          sql`(${textLiteral(tenant)}, toDate(${dateTimeLiteral(minute * 60)}), ${dateTimeLiteral(minute * 60)}, ${integerLiteral(spanCount)}, ${uint64Literal(pass)})`,
      );
    await engine.execute(sql`
INSERT INTO edge_passes (tenant, partition_date, minute, span_count, pass) VALUES ${rows}`);
  }
}

interface ChangedMinute {
  readonly tenant: string;
  readonly minute: number;
  readonly spanCount: number;
}

/** Minutes one after the other are computed together as long as their spans are few. */
function toRanges(changed: readonly ChangedMinute[]): MinuteRange[] {
  const ranges: { tenant: string; first: number; last: number; spanCount: number }[] = [];
  for (const { tenant, minute, spanCount } of changed) {
    const open = ranges.at(-1);
    const fits =
      open !== undefined &&
      open.tenant === tenant &&
      open.last + 1 === minute &&
      minute - open.first < MAX_MINUTES &&
      open.spanCount + spanCount <= MAX_SPANS;
    if (fits) {
      open.last = minute;
      open.spanCount += spanCount;
    } else ranges.push({ tenant, first: minute, last: minute, spanCount });
  }
  // The newest first: somebody is looking at them.
  return ranges.reverse();
}

function hasAny(minutes: ReadonlyMap<string, ReadonlySet<number>>, lastDue: number): boolean {
  return [...minutes.values()].some((each) => [...each].some((minute) => minute <= lastDue));
}

function minutesOf({ tenant, first, last }: MinuteRange): Map<string, Set<number>> {
  const count = last - first + 1;
  return new Map([[tenant, new Set(Array.from({ length: count }, (_, i) => first + i))]]);
}

function isAmong(minutes: ReadonlyMap<string, ReadonlySet<number>>): Sql {
  const each = [...minutes]
    .filter(([, numbers]) => numbers.size > 0)
    .map(([tenant, numbers]) => {
      const times = [...numbers].map((minute) => dateTimeLiteral(minute * 60));
      return sql`tenant = ${textLiteral(tenant)} AND minute IN (${times})`;
    });
  return new Sql(each.map(({ text }) => `(${text})`).join(' OR ') || '0');
}
