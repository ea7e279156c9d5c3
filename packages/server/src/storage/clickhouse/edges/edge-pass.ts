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
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
import { insertEdges, selectSlice } from './select-edges.ts';
import type { MinuteRange } from './select-edges.ts';

export interface EdgePassOptions {
  readonly engine: Engine;
  /** For what lives only while it is inserted. */
  readonly directory: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Joined at once, 4,000,000 by default. */
  readonly sliceSpans?: number;
}

/** After a start, when there may be much that an earlier process has left. */
const FIRST_MS = 5000;
const INTERVAL_MS = 10_000;
/** After a minute has ended: most calls that began in it have been answered, and told of. */
const DUE_AFTER_MS = 40_000;
/** Computed together: more spans than this only where one minute has them. */
const MAX_SPANS = 2_000_000;
const MAX_MINUTES = 60;
/** Joined at once, in some 150 MiB: each slice reads all of the minutes' spans, and holds a third of its own in memory. */
const SLICE_SPANS = 4_000_000;
const MAX_SLICES = 256;
/** A pass that has more to do goes on in the next one. */
const MAX_PASS_MS = 5000;
/** Of the time a pass took: edges fall behind before inserts and other questions do. */
const REST = 2;
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

  /** A pass that took long is followed by a longer rest. */
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
    const statement = sql`
SELECT
  tenant,
  toUInt32(intDiv(toUnixTimestamp(minute), 60)) AS number,
  toUInt64(counted.spans) AS spans,
  computed.spans > 0 AS is_late
FROM (
  SELECT toString(tenant) AS tenant, minute, sum(span_count) AS spans
  FROM red_1m WHERE ${where} GROUP BY tenant, minute
) AS counted
LEFT JOIN (
  SELECT toString(tenant) AS tenant, minute, argMax(span_count, pass) AS spans
  FROM edge_passes WHERE ${where} GROUP BY tenant, minute
) AS computed USING (tenant, minute)
WHERE counted.spans != computed.spans
ORDER BY tenant, number`;
    const answer = await this.#options.engine.read(statement, { isOwn: true });
    const reader = new RowBinaryReader(answer);
    return reader.rows(() => ({
      tenant: reader.text(),
      minute: reader.uint32(),
      spanCount: Number(reader.uint64()),
      isLate: reader.uint8() === 1,
    }));
  }

  /**
   * The minutes around are computed too: their calls may have their other sides in what is new. Where that is much work it
   * is done only for spans that came late, and a call is missed that began in the minute before and took very long.
   */
  async #compute(
    range: MinuteRange,
    changed: readonly ChangedMinute[],
    lastDue: number,
  ): Promise<void> {
    const { engine, clock } = this.#options;
    // Later than the pass before, whatever the clock says.
    this.#lastPass = Math.max(this.#lastPass + 1, clock.nowMs());
    const pass = BigInt(this.#lastPass);
    const inRange = changed.filter(
      ({ tenant, minute }) => tenant === range.tenant && isWithin(minute, range),
    );
    const spanCount = inRange.reduce((sum, each) => sum + each.spanCount, 0);
    const isAlone = spanCount > MAX_SPANS && inRange.every(({ isLate }) => !isLate);
    const around = isAlone
      ? range
      : { ...range, first: range.first - 1, last: Math.min(range.last + 1, lastDue) };
    const sliceCount = this.#countSlices(await this.#countSpans(around));
    await this.#insertEdges(around, sliceCount, pass);
    const rows = inRange.map(
      ({ tenant, minute, spanCount }) =>
        sql`(${textLiteral(tenant)}, toDate(${dateTimeLiteral(minute * 60)}), ${dateTimeLiteral(minute * 60)}, ${integerLiteral(spanCount)}, ${uint64Literal(pass)})`,
    );
    await engine.execute(sql`
INSERT INTO edge_passes (tenant, partition_date, minute, span_count, pass) VALUES ${rows}`);
  }

  /** The minutes around may have many more spans than those that changed. */
  async #countSpans({ tenant, first, last }: MinuteRange): Promise<number> {
    const statement = sql`
SELECT toUInt64(sum(span_count)) FROM red_1m
WHERE tenant = ${textLiteral(tenant)}
  AND minute BETWEEN ${dateTimeLiteral(first * 60)} AND ${dateTimeLiteral(last * 60)}`;
    const answer = await this.#options.engine.read(statement, { isOwn: true });
    return Number(new RowBinaryReader(answer).uint64());
  }

  #countSlices(spanCount: number): number {
    const { sliceSpans = SLICE_SPANS } = this.#options;
    let slices = 1;
    while (slices < MAX_SLICES && slices * sliceSpans < spanCount) slices *= 2;
    return slices;
  }

  /** Joining is a question, so that inserts go on meanwhile; only what comes of it, a few rows, is inserted. */
  async #insertEdges(range: MinuteRange, sliceCount: number, pass: bigint): Promise<void> {
    const { engine, directory } = this.#options;
    const pathOf = (slice: number | string): string => join(directory, `edges.${slice}.rowbinary`);
    const paths: string[] = [];
    try {
      for (let number = 0; number < sliceCount; number++) {
        const slice = selectSlice(range, { number, count: sliceCount });
        paths.push(pathOf(number));
        await writeFile(
          pathOf(number),
          await engine.read(slice, { inOneThread: true, isOwn: true }),
        );
      }
      await engine.execute(insertEdges(range, pathOf(`{0..${sliceCount - 1}}`), pass));
    } finally {
      await Promise.all(paths.map((path) => rm(path, { force: true })));
    }
  }
}

interface ChangedMinute {
  readonly tenant: string;
  readonly minute: number;
  readonly spanCount: number;
  /** It was computed before these spans came. */
  readonly isLate: boolean;
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

function isWithin(minute: number, { first, last }: MinuteRange): boolean {
  return minute >= first && minute <= last;
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
