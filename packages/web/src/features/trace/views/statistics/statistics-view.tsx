import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { ShownText } from '../../../../ui/shown-text.tsx';
import { formatCount, formatDuration } from '../../../../base/format.ts';
import { serviceColorIndex } from '../../../../base/service-color.ts';
import { messages } from '../../../../messages/messages.ts';
import type { GroupLabel } from '../../../../trace/groups/group-spans.ts';
import { orderGroups } from '../../../../trace/groups/order-groups.ts';
import type { GroupOrder } from '../../../../trace/groups/order-groups.ts';
import { spansOfGroup } from '../../../../trace/groups/summarize-groups.ts';
import type { GroupFigures } from '../../../../trace/groups/summarize-groups.ts';
import type { GroupTable as GroupTableOf } from '../../../../trace/groups/tabulate-groups.ts';
import type { Sorting } from '../../../../trace/order-spans.ts';
import { ProgressLine } from '../../../../ui/progress-line.tsx';
import { ServiceName } from '../../../../ui/service-name.tsx';
import { useReadable } from '../../use-readable.ts';
import { useScrollMemory } from '../../use-scroll-memory.ts';
import { directionOf, nextSorting } from '../../../../state/next-sorting.ts';
import { ShareBar } from '../table/share-bar.tsx';
import { VirtualTable } from '../../../../ui/virtual-table.tsx';
import type { TableColumn } from '../../../../ui/virtual-table.tsx';
import { describeLabel } from './describe-label.ts';
import type { SelectedBy } from '../../../../state/trace-state.ts';
import type { GroupBy } from '../../../../state/view-options.ts';
import type { ViewProps } from '../view-props.ts';
import { ViewTools } from '../view-tools.tsx';
import { GroupByChoice } from './group-by-choice.tsx';
import { GroupsPending } from './groups-pending.tsx';
import { useGroupTable } from './use-group-table.ts';
import './statistics-view.css';

const TEXTS = messages.trace.statistics;

/** How many spans have something in common, and how long they took. */
export function StatisticsView(props: ViewProps): ReactNode {
  const { client, state } = props;
  const view = useReadable(state.view);
  const { groupBy } = useReadable(state.options);
  const { loaded, table } = useGroupTable(client, view, groupBy);
  const isLoading = typeof groupBy !== 'string' && loaded.values === undefined;
  return (
    <>
      <ViewTools>
        <GroupByChoice
          client={client}
          view={view}
          value={groupBy}
          onChange={(next) => state.setOptions({ groupBy: next })}
        />
      </ViewTools>
      {isLoading ? (
        <GroupsPending
          loaded={loaded}
          attribute={groupBy.key}
          onCancel={() => state.setOptions({ groupBy: 'operation' })}
        />
      ) : (
        <>
          <ProgressLine active={table.isPending} label={TEXTS.grouping} />
          {table.done === undefined ? (
            <p className="view-note" role="status">
              {TEXTS.grouping}
            </p>
          ) : (
            <GroupTable {...props} {...table.done.result} groupBy={table.done.subject} />
          )}
        </>
      )}
    </>
  );
}

function GroupTable({
  state,
  find,
  groups,
  figures,
  groupBy,
}: ViewProps & GroupTableOf & { readonly groupBy: GroupBy }): ReactNode {
  const { groupSorting: sorting } = useReadable(state.options);
  const selected = useReadable(state.selection);
  const memory = useScrollMemory(state, 'statistics');
  const order = useMemo(() => orderGroups(groups, figures, sorting), [groups, figures, sorting]);
  const [pointed, setPointed] = useState<number | undefined>(undefined);
  const current = selected === undefined ? pointed : groups.groupOf[selected];
  const row = current === undefined ? -1 : order.indexOf(current);
  const labelOf = (group: number) => groups.labels[group] ?? { text: undefined };
  const select = (at: number, by: SelectedBy) => {
    const group = order[at] ?? 0;
    const spans = spansOfGroup(figures, group);
    setPointed(group);
    const label = labelOf(group);
    const mark = { kind: 'group', by: groupBy, label } as const;
    find.point(state, { spans, label: describeLabel(label), mark });
    // The longest is what one looks for first.
    const longest = spans.at(-1);
    if (longest !== undefined) state.select(longest, by);
  };
  return (
    <VirtualTable
      label={TEXTS.label}
      className="statistics-table"
      memory={memory}
      columns={columnsOf(sorting, titleOf(groupBy))}
      onSort={(id) => {
        const by = id as GroupOrder;
        state.setOptions({ groupSorting: nextSorting(sorting, by, by === 'label' ? 1 : -1) });
      }}
      rowCount={order.length}
      renderRow={(at) => {
        const group = order[at] ?? 0;
        return renderGroup({ label: labelOf(group), figures, group });
      }}
      selectedRow={row < 0 ? undefined : row}
      onSelect={select}
      empty={undefined}
    />
  );
}

function titleOf(groupBy: GroupBy): string {
  return typeof groupBy === 'string' ? TEXTS.groupings[groupBy] : groupBy.key;
}

const PERCENTILES = ['min', 'p50', 'p95', 'p99', 'max'] as const;

function columnsOf(sorting: Sorting<GroupOrder>, title: string): readonly TableColumn[] {
  const { columns } = TEXTS;
  const number = (id: GroupOrder, name: string, hint?: string): TableColumn => ({
    id,
    title: name,
    hint,
    isNumber: true,
    direction: directionOf(sorting, id),
  });
  return [
    { id: 'label', title, direction: directionOf(sorting, 'label') },
    number('count', columns.count),
    number('errors', columns.errors),
    number('self', columns.self, columns.selfHint),
    { id: 'share', title: columns.share, hint: columns.shareHint },
    number('total', columns.total, columns.totalHint),
    ...PERCENTILES.map((id) => number(id, columns[id])),
  ];
}

interface GroupRow {
  readonly label: GroupLabel;
  readonly figures: GroupFigures;
  readonly group: number;
}

function renderGroup({ label, figures, group }: GroupRow): Readonly<Record<string, ReactNode>> {
  const errors = figures.errorCounts[group] ?? 0;
  const selfNs = figures.selfTimesNs[group] ?? 0;
  const of = (values: Float64Array) => formatDuration(values[group] ?? 0);
  return {
    label: <GroupTitle label={label} />,
    count: formatCount(figures.counts[group] ?? 0),
    errors:
      errors === 0 ? (
        <span className="table-faint">{formatCount(0)}</span>
      ) : (
        <span className="table-failed">{formatCount(errors)}</span>
      ),
    total: of(figures.totalsNs),
    self: of(figures.selfTimesNs),
    share: (
      <span
        data-service-color={
          label.service === undefined ? undefined : serviceColorIndex(label.service)
        }
      >
        <ShareBar share={figures.selfTimeNs === 0 ? 0 : selfNs / figures.selfTimeNs} />
      </span>
    ),
    min: of(figures.minsNs),
    p50: of(figures.p50sNs),
    p95: of(figures.p95sNs),
    p99: of(figures.p99sNs),
    max: of(figures.maxsNs),
  };
}

function GroupTitle({ label }: { readonly label: GroupLabel }): ReactNode {
  const { service, text } = label;
  return (
    <span title={describeLabel(label)}>
      {service === undefined ? undefined : (
        <span className={text === undefined ? undefined : 'table-muted'}>
          <ServiceName service={service} />
        </span>
      )}{' '}
      {service !== undefined && text === undefined ? undefined : <LabelText text={text} />}
    </span>
  );
}

function LabelText({ text }: { readonly text: string | undefined }): ReactNode {
  if (text !== undefined && text !== '') return <ShownText text={text} />;
  return (
    <span className="table-faint">
      {text === '' ? messages.trace.noName : messages.trace.attributeChoice.without}
    </span>
  );
}
