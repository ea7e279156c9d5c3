import type { ClewClient } from '@clew/api';
import type { ReactNode } from 'react';
import type { QueryValues } from '../../state/query-string.ts';
import { TopLine } from '../../ui/top-line.tsx';

export interface SearchPageProps {
  readonly client: ClewClient;
  readonly search: QueryValues;
  readonly onSearchChange: (next: QueryValues, options: { readonly replace: boolean }) => void;
}

/** Finds traces: the question on top, its picture under it, the list below. */
export function SearchPage({ search }: SearchPageProps): ReactNode {
  return (
    <TopLine title="Search">
      <h1>Search</h1>
      <span>{Object.keys(search).length}</span>
    </TopLine>
  );
}
