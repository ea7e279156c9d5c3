/**
 * The tree beside the waterfall as rows of the document, which a screen reader reads and a test finds: they lie over the tree's
 * picture and cannot be seen. Only rows in view exist. Scrolling moves elements from one end to the other and writes them anew, so
 * that a row that stays keeps its element.
 */
import { visibleText } from '../../../../base/visible-text.ts';
import { formatCount, formatDuration } from '../../../../base/format.ts';
import { messages } from '../../../../messages/messages.ts';
import { hasChildRow } from '../../../../trace/span-rows.ts';
import type { CollapsedSpans, SpanRows } from '../../../../trace/span-rows.ts';
import type { PathStretches } from '../../../../trace/trace-insight.ts';
import { nameOf, serviceOf } from '../../../../trace/trace-view.ts';
import type { TraceView } from '../../../../trace/trace-view.ts';
import { rowTopPx, visibleRows } from '../../../../canvas/row-window.ts';
import type { RowWindow } from '../../../../canvas/row-window.ts';
import { createRowElement, writeRowElement } from './tree-row-element.ts';
import type { RowContent, RowElement } from './tree-row-element.ts';

export interface TreeRowsFrame {
  readonly view: TraceView;
  readonly rows: SpanRows;
  readonly collapsed: CollapsedSpans;
  readonly window: RowWindow;
  readonly selectedSpan: number | undefined;
  /** 1 for the spans that the find box has found. */
  readonly matches: Uint8Array | undefined;
  /** The critical path, where it is shown. */
  readonly path: PathStretches | undefined;
  /** 1 for the spans that show the finding that is looked at. */
  readonly evidence: Uint8Array | undefined;
}

export class TreeRows {
  readonly #container: HTMLElement;
  readonly #elements: RowElement[] = [];
  #first = 0;

  constructor(container: HTMLElement) {
    this.#container = container;
  }

  draw(frame: TreeRowsFrame): void {
    const { first, end } = visibleRows(frame.window);
    this.#recycle(first, end);
    this.#elements.forEach((element, at) => {
      writeRowElement(element, describeRow(frame, first + at));
    });
  }

  /** Keeps the elements whose rows stay in view in their place in the document, and takes the others round. */
  #recycle(first: number, end: number): void {
    const elements = this.#elements;
    const stepCount = first - this.#first;
    // After a jump no row stays, and so none needs to be in a certain element.
    if (Math.abs(stepCount) < elements.length) this.#rotate(stepCount);
    this.#first = first;
    while (elements.length < end - first) {
      const element = createRowElement();
      elements.push(element);
      this.#container.append(element.root);
    }
    while (elements.length > end - first) elements.pop()?.root.remove();
  }

  /** Moves elements from the top to the bottom, or back where `stepCount` is negative. */
  #rotate(stepCount: number): void {
    const elements = this.#elements;
    if (stepCount > 0) {
      const moved = elements.splice(0, stepCount);
      elements.push(...moved);
      this.#container.append(...moved.map(({ root }) => root));
    } else if (stepCount < 0) {
      const moved = elements.splice(stepCount);
      elements.unshift(...moved);
      this.#container.prepend(...moved.map(({ root }) => root));
    }
  }
}

function describeRow(frame: TreeRowsFrame, row: number): RowContent {
  const { view, rows, collapsed } = frame;
  const spanIndex = rows.spanIndexes[row] ?? 0;
  const descendantCount = view.tree.descendantCounts[spanIndex] ?? 0;
  const isCollapsed = collapsed[spanIndex] === 1;
  return {
    row,
    topPx: rowTopPx(frame.window, row),
    ...describeSpan(view, spanIndex),
    times: describeTimes(frame, spanIndex),
    folding: foldingOf(isCollapsed, isCollapsed || hasChildRow(view.tree, rows, row)),
    hiddenText: isCollapsed ? formatCount(descendantCount) : '',
    isFailedBelow: isCollapsed && (view.errorsBelow[spanIndex] ?? 0) > 0,
    isSelected: spanIndex === frame.selectedSpan,
    isMatch: frame.matches?.[spanIndex] === 1,
    isEvidence: frame.evidence?.[spanIndex] === 1,
  };
}

type SpanContent = Pick<
  RowContent,
  'spanIndex' | 'depth' | 'name' | 'service' | 'isFailed' | 'isOrphan'
>;

/** What a row says of its span, whatever was done to it. */
function describeSpan(view: TraceView, spanIndex: number): SpanContent {
  return {
    spanIndex,
    depth: view.tree.depths[spanIndex] ?? 0,
    name: visibleText(nameOf(view, spanIndex)),
    service: visibleText(serviceOf(view, spanIndex)),
    isFailed: view.errors[spanIndex] === 1,
    isOrphan: view.orphans[spanIndex] === 1,
  };
}

function foldingOf(isCollapsed: boolean, hasMore: boolean): RowContent['folding'] {
  if (!hasMore) return 'leaf';
  return isCollapsed ? 'collapsed' : 'expanded';
}

/** What the bar and the line below it show, in words. */
function describeTimes({ view, path, evidence }: TreeRowsFrame, spanIndex: number): string {
  const texts = messages.trace.row;
  const start = formatDuration(view.offsetsNs[spanIndex] ?? 0);
  const duration = formatDuration(view.durationsNs[spanIndex] ?? 0);
  const words = [texts.times(start, duration)];
  if (view.errors[spanIndex] === 1) words.push(texts.failed);
  if (path?.isOnPath[spanIndex] === 1) {
    words.push(texts.onPath(formatDuration(path.ownNs[spanIndex] ?? 0)));
  }
  if (evidence?.[spanIndex] === 1) words.push(texts.evidence);
  return words.join(', ');
}
