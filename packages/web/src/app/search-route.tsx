import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { splitParameters } from './embed-parameters.ts';
import { SearchPage } from '../features/search/search-page.tsx';

const route = getRouteApi('/search');

/** Hands the search page what the address says and how to change it. */
export function SearchRoute(): ReactNode {
  const { client, openedFiles, searchHistory } = route.useRouteContext();
  const values = route.useSearch();
  const { kept, page: search } = useMemo(() => splitParameters(values), [values]);
  const navigate = route.useNavigate();
  return (
    <SearchPage
      client={client}
      openedFiles={openedFiles}
      history={searchHistory}
      search={search}
      onSearchChange={(next, { replace }) =>
        void navigate({ search: { ...next, ...kept }, replace })
      }
    />
  );
}
