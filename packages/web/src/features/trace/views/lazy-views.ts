import { lazy } from 'react';
import type { ComponentType } from 'react';
import type { TracePageName } from '../../../state/view-options.ts';
import type { ViewProps } from './view-props.ts';

export type LazyPageName = Exclude<TracePageName, 'timeline'>;

/** Each picture but the timeline is fetched when it is first asked for. */
const LOADERS: Readonly<Record<LazyPageName, () => Promise<ComponentType<ViewProps>>>> = {
  flame: async () => (await import('./flame/flame-view.tsx')).FlameView,
  graph: async () => (await import('./graph/graph-view.tsx')).GraphView,
  statistics: async () => (await import('./statistics/statistics-view.tsx')).StatisticsView,
  spans: async () => (await import('./spans/spans-view.tsx')).SpansView,
  events: async () => (await import('./events/events-view.tsx')).EventsView,
  json: async () => (await import('./json/json-view.tsx')).JsonView,
};

/** The component of a picture; made anew after a failure, since a failed one stays failed. */
export function createLazyView(page: LazyPageName): ComponentType<ViewProps> {
  return lazy(async () => ({ default: await LOADERS[page]() }));
}

/** Fetches a picture's code ahead; a failure shows when it is opened. */
export function preloadView(page: TracePageName): void {
  if (page !== 'timeline') LOADERS[page]().catch(() => undefined);
}
