/** One row of the tree in the document, for who does not see its picture: built once, then written over. */
import { isolatedText } from '../../../../base/visible-text.ts';
import { messages } from '../../../../messages/messages.ts';

export interface RowContent {
  readonly row: number;
  /** Where the row lies in what is in view. */
  readonly topPx: number;
  readonly spanIndex: number;
  readonly depth: number;
  readonly name: string;
  readonly service: string;
  readonly folding: 'leaf' | 'expanded' | 'collapsed';
  /** How many spans are folded away. */
  readonly hiddenText: string;
  readonly isFailed: boolean;
  readonly isFailedBelow: boolean;
  readonly isOrphan: boolean;
  readonly isSelected: boolean;
  readonly isMatch: boolean;
  readonly isEvidence: boolean;
  /** The bar in words. */
  readonly times: string;
}

export interface RowElement {
  readonly root: HTMLElement;
  readonly hidden: HTMLElement;
  readonly name: HTMLElement;
  readonly service: HTMLElement;
  readonly orphan: HTMLElement;
  readonly times: HTMLElement;
  written: RowContent | undefined;
}

/** The document's id of a span's row, for `aria-activedescendant`. */
export function rowElementId(spanIndex: number): string {
  return `span-row-${spanIndex}`;
}

export function createRowElement(): RowElement {
  const root = createPart('div', 'tree-row');
  root.setAttribute('role', 'row');
  const cell = createPart('div', 'tree-cell', root);
  cell.setAttribute('role', 'gridcell');
  const name = createPart('bdi', 'tree-name', cell);
  const hidden = createPart('span', 'tree-hidden', cell);
  const orphan = createPart('span', 'tree-orphan', cell);
  const service = createPart('bdi', 'tree-service', cell);
  // Said by a label, not by a text: forty hidden texts would be laid out in every frame of a scroll.
  const times = createPart('div', 'tree-times', root);
  times.setAttribute('role', 'gridcell');
  return { root, name, hidden, orphan, service, times, written: undefined };
}

/** Writes what differs from what stands there: most rows of a frame have not changed at all. */
export function writeRowElement(element: RowElement, content: RowContent): void {
  const { written, root } = element;
  if (written !== undefined && isSame(written, content)) return;
  element.written = content;
  if (written?.topPx !== content.topPx) root.style.transform = `translateY(${content.topPx}px)`;
  writeAttributes(element, content);
  writeText(element.name, content.name === '' ? messages.trace.noName : content.name);
  writeText(element.service, content.service);
  writeText(element.hidden, content.hiddenText);
  writeText(element.orphan, content.isOrphan ? messages.trace.parentMissing : '');
}

function writeAttributes({ root, times }: RowElement, content: RowContent): void {
  const { spanIndex, folding } = content;
  root.id = rowElementId(spanIndex);
  root.dataset['span'] = String(spanIndex);
  root.dataset['folding'] = folding;
  root.setAttribute('aria-level', String(content.depth + 1));
  root.setAttribute('aria-rowindex', String(content.row + 1));
  root.setAttribute('aria-selected', String(content.isSelected));
  if (folding === 'leaf') root.removeAttribute('aria-expanded');
  else root.setAttribute('aria-expanded', String(folding === 'expanded'));
  root.toggleAttribute('data-failed', content.isFailed);
  root.toggleAttribute('data-failed-below', content.isFailedBelow);
  root.toggleAttribute('data-match', content.isMatch);
  root.toggleAttribute('data-evidence', content.isEvidence);
  times.setAttribute('aria-label', content.times);
  // Names are cut where the tree is narrow.
  root.title = `${isolatedText(content.name)} · ${isolatedText(content.service)}`;
}

function writeText(part: HTMLElement, text: string): void {
  if (part.textContent !== text) part.textContent = text;
}

const FIELDS: readonly (keyof RowContent)[] = [
  'spanIndex',
  'row',
  'topPx',
  'depth',
  'name',
  'service',
  'folding',
  'hiddenText',
  'isFailed',
  'isFailedBelow',
  'isOrphan',
  'isSelected',
  'isMatch',
  'isEvidence',
  'times',
];

function isSame(a: RowContent, b: RowContent): boolean {
  return FIELDS.every((field) => a[field] === b[field]);
}

function createPart(
  tag: 'div' | 'span' | 'bdi',
  className: string,
  parent?: HTMLElement,
): HTMLElement {
  const part = document.createElement(tag);
  part.className = className;
  parent?.append(part);
  return part;
}
