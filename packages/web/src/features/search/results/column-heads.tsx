import type { ReactNode } from 'react';
import { messages } from '../../../messages/messages.ts';
import type { SearchOrder } from '../../../state/search-state.ts';
import { Icon } from '../../../ui/icon.tsx';

const text = messages.search.columns;

/** `query` where the reader cannot choose: the query says it, or what the list is of. */
type Order = SearchOrder | 'newest' | 'query';

/** Files have traces, too, but nothing was looked for in them. */
export type ListKind = 'traces' | 'spans' | 'files';

/**
 * The names of the columns; those that the server can order by do so when they are clicked. The choice above says the same to the
 * keyboard and to readers, for whom each row says what its parts are.
 */
export function ColumnHeads({
  kind,
  order,
  onOrder,
}: {
  readonly kind: ListKind;
  readonly order: Order;
  readonly onOrder: (order: SearchOrder | undefined) => void;
}): ReactNode {
  const sort = { order, onOrder };
  if (kind === 'spans') {
    return (
      <div className="results-columns span-columns" aria-hidden="true">
        <SortHead {...sort} down="newest" up="oldest" className="results-column-when">
          {text.started}
        </SortHead>
        <span>{text.span}</span>
        <span>{text.kind}</span>
        <span>{text.attributes}</span>
        <SortHead {...sort} down="slowest" up="fastest" className="results-column-number">
          {text.duration}
        </SortHead>
      </div>
    );
  }
  return (
    <div className="results-columns trace-columns" aria-hidden="true">
      <SortHead
        {...sort}
        down="newest"
        up="oldest"
        className="results-column-when"
        title={kind === 'files' ? undefined : text.matchTitle}
      >
        {kind === 'files' ? text.started : nameMatch(order)}
      </SortHead>
      <span>{text.trace}</span>
      <span>{text.services}</span>
      <span>{text.shape}</span>
      <SortHead {...sort} down="mostSpans" up="mostErrors" className="results-column-number">
        {order === 'mostErrors' ? text.errors : text.spans}
      </SortHead>
      <SortHead {...sort} down="slowest" up="fastest" className="results-column-number">
        {text.duration}
      </SortHead>
    </div>
  );
}

/** Which of a trace's matching spans its time is of: the one that it is ordered by, where it is ordered by time. */
function nameMatch(order: Order): string {
  if (order === 'query') return text.match;
  return order === 'oldest' ? text.oldestMatch : text.newestMatch;
}

/** First the order downwards, then the other one. */
function SortHead({
  order,
  onOrder,
  down,
  up,
  className,
  title,
  children,
}: {
  readonly order: Order;
  readonly onOrder: (order: SearchOrder | undefined) => void;
  readonly down: SearchOrder | 'newest';
  readonly up: SearchOrder;
  readonly className: string;
  readonly title?: string | undefined;
  readonly children: ReactNode;
}): ReactNode {
  const isActive = order === down || order === up;
  const next = order === down ? up : down;
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`results-sort ${className}`}
      title={title}
      disabled={order === 'query'}
      onClick={() => onOrder(next === 'newest' ? undefined : next)}
    >
      {children}
      {isActive ? <Icon name={order === down ? 'arrowDown' : 'arrowUp'} /> : undefined}
    </button>
  );
}
