import { useMemo } from 'react';
import type { GroupBy } from '../../../../state/view-options.ts';
import { pickGroupQuestion } from '../../../../trace/groups/tabulate-groups.ts';
import type { TraceView } from '../../../../trace/trace-view.ts';
import type { TraceClient } from '../../trace-client.ts';
import { useAttributeValues } from '../../use-attribute-values.ts';
import type { LoadedValues } from '../../use-attribute-values.ts';
import { useJob } from '../../worker/use-job.ts';
import type { JobState } from '../../worker/use-job.ts';

export interface GroupedSpans {
  /** Of the attribute that is grouped by: its values may be on their way, or not be had. */
  readonly loaded: LoadedValues;
  readonly table: JobState<'groups', GroupBy>;
}

/** The groups of the spans, and their figures. */
export function useGroupTable(
  client: TraceClient,
  view: TraceView,
  groupBy: GroupBy,
): GroupedSpans {
  const attribute = typeof groupBy === 'string' ? undefined : groupBy;
  const loaded = useAttributeValues(client, view, attribute);
  const by = typeof groupBy === 'string' ? groupBy : loaded.values;
  const input = useMemo(
    () => (by === undefined ? undefined : pickGroupQuestion(view, by)),
    [view, by],
  );
  return { loaded, table: useJob('groups', { input, trace: view.columns, subject: groupBy }) };
}
