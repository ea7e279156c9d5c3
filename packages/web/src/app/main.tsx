import './content-security.ts';
import { createClient } from '@clew/api';
import { QueryClient } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { openBrowserStorage } from '../state/browser-storage.ts';
import { OpenedFiles } from '../state/opened-files.ts';
import { PreferenceStore } from '../state/preferences.ts';
import { RecentTraces } from '../state/recent-traces.ts';
import { SearchHistory } from '../state/search-history.ts';
import { readEmbedTheme } from '../ui/embed-address.ts';
import '../ui/tokens.css';
import '../ui/service-colors.css';
import '../ui/fonts.css';
import '../ui/base.css';
import { Providers } from './providers.tsx';
import { createAppRouter } from './router.tsx';

function main(): void {
  const root = document.getElementById('root');
  if (root === null) return;
  const basePath = new URL(document.baseURI).pathname.replace(/\/$/, '');
  const client = createClient(location.origin + basePath);
  const storage = openBrowserStorage();
  const preferences = new PreferenceStore(storage);
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false, staleTime: 60_000 } },
  });
  const router = createAppRouter({
    client,
    basePath,
    openedFiles: new OpenedFiles(),
    searchHistory: new SearchHistory(storage),
    recentTraces: new RecentTraces(storage),
  });
  createRoot(root).render(
    <StrictMode>
      <Providers
        preferences={preferences}
        queryClient={queryClient}
        theme={readEmbedTheme(location.search)}
      >
        <RouterProvider router={router} />
      </Providers>
    </StrictMode>,
  );
}

main();
