import { useMemo } from 'react';
import type { ReactNode, RefObject } from 'react';
import { comparePage } from '../../../messages/compare.ts';
import { COMPARE_VIEWS } from '../../../state/compare-url.ts';
import { ROW_KINDS } from '../../../trace/compare/row-filter.ts';
import { Button } from '../../../ui/button.tsx';
import { Segments } from '../../../ui/segments.tsx';
import { Select } from '../../../ui/select.tsx';
import { TextInput } from '../../../ui/text-input.tsx';
import type { TableProps } from './compared-work.tsx';

const { views, filter: texts, paths, commands } = comparePage;

const VIEWS = COMPARE_VIEWS.map((value) => ({
  value,
  label: views[value],
  title: views[`${value}Title`],
}));

const KINDS = ROW_KINDS.map((value) => ({ value, label: texts.kinds[value] }));

/** How the rows are made, and which are listed. */
export function RowsBar({
  shown,
  change,
  findInput,
  onFoldAll,
}: Pick<TableProps, 'shown' | 'change'> & {
  readonly findInput: RefObject<HTMLInputElement | null>;
  readonly onFoldAll: (isFolded: boolean) => void;
}): ReactNode {
  const { filter } = shown;
  const isTree = shown.view === 'paths' && shown.pathSorting.by === 'tree';
  const { text } = filter;
  const title = useMemo(
    () => (filter.kind === 'changed' ? texts.changedTitle : undefined),
    [filter],
  );
  return (
    <div className="compare-bar">
      <Segments
        label={views.label}
        value={shown.view}
        options={VIEWS}
        onChange={(view) => change({ view })}
      />
      <label className="compare-kind" title={title}>
        <span>{texts.label}</span>
        <Select
          value={filter.kind}
          options={KINDS}
          onChange={(kind) => change({ filter: { ...filter, kind } })}
        />
      </label>
      <TextInput
        ref={findInput}
        type="search"
        value={text}
        placeholder={texts.findPlaceholder}
        aria-label={texts.findLabel}
        onChange={(next) => change({ filter: { ...filter, text: next } })}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          if (text === '') event.currentTarget.blur();
          else change({ filter: { ...filter, text: '' } });
        }}
      />
      {isTree ? (
        <span className="compare-fold-all">
          <Button look="link" title={`${commands.foldAll} ({)`} onClick={() => onFoldAll(true)}>
            {paths.foldAll}
          </Button>
          <Button look="link" title={`${commands.unfoldAll} (})`} onClick={() => onFoldAll(false)}>
            {paths.unfoldAll}
          </Button>
        </span>
      ) : undefined}
    </div>
  );
}
