import type { ReactNode } from 'react';
import { comparePage } from '../../../messages/compare.ts';
import { Button } from '../../../ui/button.tsx';
import type { TableProps } from './compared-work.tsx';

const texts = comparePage.filter;

/** Nothing is listed, and how to list all again. */
export function NoRows({ change }: Pick<TableProps, 'change'>): ReactNode {
  return (
    <>
      {texts.none}{' '}
      <Button onClick={() => change({ filter: { kind: 'all', text: '' } })}>{texts.reset}</Button>
    </>
  );
}
