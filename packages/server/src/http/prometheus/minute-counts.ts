import type { LatencySketch, SpanKind } from '@clew/model';
import { SPAN_KINDS } from '@clew/model';
import type {
  QueryOptions,
  ServiceEdge,
  SpanRate,
  TraceQueries,
} from '../../query/trace-queries.ts';
import { labelNamesOf } from './metric-catalog.ts';
import type { Metric } from './metric-catalog.ts';
import type { LabelMatchers } from './label-matchers.ts';
import type { Labels } from './promql/labels.ts';
import type { MinuteGrid } from './promql/minute-windows.ts';

/** What was counted in one interval of a grid of whatever has these labels. Numbers stand for all spans, kept or not. */
export interface MinuteCount {
  readonly interval: number;
  readonly labels: Labels;
  readonly calls: number;
  readonly failed: number;
  /** As the metric's side measured it. */
  readonly seconds: number;
  readonly latency: LatencySketch;
}

export interface CountsRequest {
  readonly metric: Metric;
  readonly matchers: LabelMatchers;
  /** Those that are to be told apart; all when undefined. */
  readonly labels: ReadonlySet<string> | undefined;
  readonly grid: MinuteGrid;
}

const MINUTE_NANO = 60_000_000_000n;
const NANOS_PER_SECOND = 1e9;
/** Minutes that the store's clock has. */
const MAX_MINUTE = 2 ** 32 / 60;

/** Reads what is counted by the minute, for one query: what several of its selectors need is read once. */
export class MinuteCounts {
  readonly #queries: TraceQueries;
  readonly #options: QueryOptions;
  readonly #edges = new Map<string, Promise<readonly ServiceEdge[]>>();
  readonly #rates = new Map<string, Promise<readonly SpanRate[]>>();

  constructor(queries: TraceQueries, options: QueryOptions) {
    this.#queries = queries;
    this.#options = options;
  }

  /** Without those whose labels do not match. */
  async read(request: CountsRequest): Promise<readonly MinuteCount[]> {
    const { metric, matchers, grid } = request;
    const lastMinute = grid.firstMinute + grid.stepMinutes * grid.intervalCount;
    if (grid.firstMinute < 0 || lastMinute > MAX_MINUTE || isNever(request)) return [];
    const counts =
      metric.source === 'edges' ? await this.#readEdges(request) : await this.#readRates(request);
    // Buckets get their label later.
    const skipped = metric.part === 'bucket' ? 'le' : undefined;
    return counts.filter(({ labels }) => matchers.match(labels, skipped));
  }

  async #readEdges({ metric, grid }: CountsRequest): Promise<readonly MinuteCount[]> {
    const range = rangeOf(grid);
    const edges = await once(this.#edges, textOf(range), () =>
      this.#queries.readServiceEdges(range, this.#options),
    );
    const shared = new SharedLabels();
    return edges.map((edge) => {
      const scale = edge.callCount === 0 ? 1 : edge.weight / edge.callCount;
      const { client, server, connection } = edge;
      return {
        interval: edge.interval,
        labels: shared.of(metric.name, [
          ['client', client],
          ['server', server],
          ['connection_type', CONNECTION_TYPES[connection]],
        ]),
        calls: edge.weight,
        failed: edge.errorCount * scale,
        seconds: (Number(durationOf(edge, metric)) / NANOS_PER_SECOND) * scale,
        latency: edge.latency,
      };
    });
  }

  async #readRates({
    metric,
    matchers,
    labels,
    grid,
  }: CountsRequest): Promise<readonly MinuteCount[]> {
    const { serviceLabel } = metric;
    const isKept = (label: string): boolean =>
      labels === undefined || labels.has(label) || matchers.names.includes(label);
    const service = matchers.onlyValue(serviceLabel);
    const kind = matchers.onlyValue('span_kind');
    const request = {
      ...rangeOf(grid),
      services: service === undefined ? undefined : [service],
      kinds: kind === undefined ? undefined : SPAN_KINDS.filter((each) => kindLabel(each) === kind),
      groupBy: GROUPS.filter(({ label }) => isKept(label ?? serviceLabel)).map(
        ({ group }) => group,
      ),
    };
    const rates = await once(this.#rates, textOf(request), () =>
      this.#queries.readSpanRates(request, this.#options),
    );
    const shared = new SharedLabels();
    return rates.map((rate) => {
      const { spanKind, status, weight } = rate;
      const scale = rate.spanCount === 0 ? 1 : weight / rate.spanCount;
      return {
        interval: rate.interval,
        labels: shared.of(metric.name, [
          [serviceLabel, rate.service],
          ['span_name', rate.spanName],
          ['span_kind', spanKind === undefined ? undefined : kindLabel(spanKind)],
          ['status_code', status === undefined ? undefined : `STATUS_CODE_${status.toUpperCase()}`],
        ]),
        calls: weight,
        failed: status === 'error' ? weight : 0,
        seconds: (Number(rate.durationNano) / NANOS_PER_SECOND) * scale,
        latency: rate.latency,
      };
    });
  }
}

const GROUPS = [
  { label: undefined, group: 'service' },
  { label: 'span_name', group: 'spanName' },
  { label: 'span_kind', group: 'spanKind' },
  { label: 'status_code', group: 'status' },
] as const;

/** As Tempo calls them. */
const CONNECTION_TYPES: Readonly<Record<ServiceEdge['connection'], string>> = {
  '': '',
  messaging: 'messaging_system',
  database: 'database',
  external: 'virtual_node',
};

function kindLabel(kind: SpanKind): string {
  return `SPAN_KIND_${kind.toUpperCase()}`;
}

/** What sends no spans is known only by how long its clients waited. */
function durationOf(edge: ServiceEdge, { counts }: Metric): bigint {
  const isSilent = edge.connection === 'database' || edge.connection === 'external';
  return counts === 'clientTime' || isSilent ? edge.clientDurationNano : edge.serverDurationNano;
}

/** Whether labels are asked for that the metric does not have. */
function isNever({ metric, matchers }: CountsRequest): boolean {
  const known = new Set(['__name__', ...labelNamesOf(metric)]);
  return matchers.names.some((name) => !known.has(name) && !matchers.matchValue(name, ''));
}

function rangeOf({ firstMinute, stepMinutes, intervalCount }: MinuteGrid): {
  readonly startUnixNano: bigint;
  readonly endUnixNano: bigint;
  readonly stepNano: bigint | undefined;
} {
  const startUnixNano = BigInt(firstMinute) * MINUTE_NANO;
  const step = BigInt(stepMinutes) * MINUTE_NANO;
  return {
    startUnixNano,
    endUnixNano: startUnixNano + step * BigInt(intervalCount),
    stepNano: intervalCount === 1 ? undefined : step,
  };
}

function textOf(request: object): string {
  return JSON.stringify(request, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

function once<Answer>(
  known: Map<string, Promise<Answer>>,
  key: string,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const answer = known.get(key) ?? ask();
  known.set(key, answer);
  return answer;
}

/** Equal labels are one object: there are as many of them as intervals. */
class SharedLabels {
  readonly #byKey = new Map<string, Labels>();

  of(name: string, entries: readonly (readonly [string, string | undefined])[]): Labels {
    const key = JSON.stringify(entries);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const labels = new Map([['__name__', name]]);
    for (const [label, value] of entries) {
      if (value !== undefined && value !== '') labels.set(label, value);
    }
    this.#byKey.set(key, labels);
    return labels;
  }
}
