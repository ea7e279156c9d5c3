import type { ClewClient } from '@clew/api';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import type { OpenedFiles } from '../state/opened-files.ts';
import { formatQueryString, parseQueryString } from '../state/query-string.ts';
import type { QueryValues } from '../state/query-string.ts';
import type { RecentTraces } from '../state/recent-traces.ts';
import type { SearchHistory } from '../state/search-history.ts';
import {
  formatSearchState,
  isResolved,
  parseSearchState,
  resolveSearchState,
} from '../state/search-state.ts';
import { splitParameters } from './embed-parameters.ts';
import { NotFoundPage } from './not-found-page.tsx';
import { Shell } from './shell.tsx';

export interface RouterContext {
  readonly client: ClewClient;
  readonly openedFiles: OpenedFiles;
  readonly searchHistory: SearchHistory;
  readonly recentTraces: RecentTraces;
}

export interface AppRouterOptions extends RouterContext {
  /** Without a slash at the end; empty at the root. */
  readonly basePath: string;
}

const rootRoute = createRootRouteWithContext<RouterContext>()({
  component: Shell,
  notFoundComponent: NotFoundPage,
});

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/search', search: {}, replace: true });
  },
});

export const searchRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/search',
  validateSearch: (values: QueryValues): QueryValues => values,
  // The address always says an absolute range, so that it shows the same to whoever gets it.
  beforeLoad: ({ search }) => {
    const state = parseSearchState(search);
    if (isResolved(state)) return;
    const resolved = resolveSearchState(state, Date.now());
    const { kept } = splitParameters(search);
    const settled = { ...formatSearchState(resolved), ...kept };
    throw redirect({ to: '/search', search: settled, replace: true });
  },
  component: lazyRouteComponent(() => import('./search-route.tsx'), 'SearchRoute'),
});

/** A view of the trace page keeps its state in the search parameters and reads it with a schema of its own. */
export const traceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/trace/$traceId',
  validateSearch: (values: QueryValues): QueryValues => values,
  component: lazyRouteComponent(() => import('./trace-route.tsx'), 'TraceRoute'),
});

/** Which traces, and what is shown of them: see `state/compare-url.ts`. */
const compareRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/compare',
  validateSearch: (values: QueryValues): QueryValues => values,
  component: lazyRouteComponent(() => import('./compare-route.tsx'), 'CompareRoute'),
});

const routeTree = rootRoute.addChildren([indexRoute, searchRoute, traceRoute, compareRoute]);

/** The pages and their addresses. */
export function createAppRouter({ basePath, ...context }: AppRouterOptions) {
  return createRouter({
    routeTree,
    context,
    basepath: basePath === '' ? '/' : basePath,
    parseSearch: parseQueryString,
    stringifySearch: formatQueryString,
    defaultPreload: 'intent',
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
