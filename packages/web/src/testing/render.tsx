import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterContextProvider,
} from '@tanstack/react-router';
import { act } from 'react';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { CommandsProvider } from '../ui/commands.tsx';

export interface Rendered {
  readonly container: HTMLElement;
  /** The first element that the selector finds; a test that finds none has failed. */
  readonly find: (selector: string) => HTMLElement;
  /** The first element of that selector with just this text or accessible label. */
  readonly findText: (selector: string, text: string) => HTMLElement;
  readonly click: (element: HTMLElement) => Promise<void>;
  readonly unmount: () => Promise<void>;
}

/** Renders into a page of its own, inside a router and a query client as the application has them. */
export async function render(children: ReactNode): Promise<Rendered> {
  Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true);
  const container = document.createElement('div');
  document.body.replaceChildren(container);
  const root = createRoot(container);
  const router = createTestRouter();
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await act(async () =>
    root.render(
      <RouterContextProvider router={router}>
        <QueryClientProvider client={queryClient}>
          <CommandsProvider>{children}</CommandsProvider>
        </QueryClientProvider>
      </RouterContextProvider>,
    ),
  );
  const findAll = (selector: string) => [...container.querySelectorAll<HTMLElement>(selector)];
  return {
    container,
    find: (selector) => present(findAll(selector)[0], selector),
    findText: (selector, text) =>
      present(
        findAll(selector).find(
          (one) => (one.getAttribute('aria-label') ?? one.textContent) === text,
        ),
        `${selector} "${text}"`,
      ),
    click: (element) => act(async () => element.click()),
    unmount: () => act(async () => root.unmount()),
  };
}

function createTestRouter() {
  const rootRoute = createRootRoute();
  const routeTree = rootRoute.addChildren([
    createRoute({ getParentRoute: () => rootRoute, path: '/search' }),
    createRoute({ getParentRoute: () => rootRoute, path: '/compare' }),
    createRoute({ getParentRoute: () => rootRoute, path: '/trace/$traceId' }),
  ]);
  return createRouter({ routeTree, history: createMemoryHistory() });
}

function present(element: HTMLElement | undefined, what: string): HTMLElement {
  if (element === undefined) throw new Error(`the page has no ${what}`);
  return element;
}
