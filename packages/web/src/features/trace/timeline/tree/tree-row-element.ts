/** One row of the tree in the document: built once, then written over. */

export interface RowContent {
  readonly row: number;
  readonly spanIndex: number;
  readonly depth: number;
  readonly name: string;
  readonly service: string;
  /** Index into the palette. */
  readonly color: number;
  readonly folding: 'leaf' | 'expanded' | 'collapsed';
  /** How many spans are folded away. */
  readonly hiddenText: string;
  readonly isFailed: boolean;
  readonly isFailedBelow: boolean;
  readonly isOrphan: boolean;
  readonly isSelected: boolean;
  readonly isHovered: boolean;
  readonly isMatch: boolean;
  /** The bar in words. */
  readonly times: string;
}

export interface RowElement {
  readonly root: HTMLElement;
  readonly caret: HTMLElement;
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
  createPart('span', 'tree-indent', cell);
  const caret = createPart('span', 'tree-caret', cell);
  caret.setAttribute('aria-hidden', 'true');
  createPart('span', 'tree-mark', cell);
  const name = createPart('span', 'tree-name', cell);
  const hidden = createPart('span', 'tree-hidden', cell);
  const orphan = createPart('span', 'tree-orphan', cell);
  const service = createPart('span', 'tree-service', cell);
  createPart('span', 'tree-sign', cell).setAttribute('aria-hidden', 'true');
  const times = createPart('div', 'visually-hidden', root);
  times.setAttribute('role', 'gridcell');
  return { root, caret, hidden, name, service, orphan, times, written: undefined };
}

/** Writes what differs from what stands there: most rows of a frame have not changed at all. */
export function writeRowElement(element: RowElement, content: RowContent): void {
  const { written } = element;
  if (written !== undefined && isSame(written, content)) return;
  element.written = content;
  const { root } = element;
  root.id = rowElementId(content.spanIndex);
  root.dataset['span'] = String(content.spanIndex);
  root.dataset['serviceColor'] = String(content.color);
  root.dataset['folding'] = content.folding;
  root.style.setProperty('--depth', String(content.depth));
  root.setAttribute('aria-level', String(content.depth + 1));
  root.setAttribute('aria-rowindex', String(content.row + 1));
  root.setAttribute('aria-selected', String(content.isSelected));
  if (content.folding === 'leaf') root.removeAttribute('aria-expanded');
  else root.setAttribute('aria-expanded', String(content.folding === 'expanded'));
  root.toggleAttribute('data-hovered', content.isHovered);
  root.toggleAttribute('data-failed', content.isFailed);
  root.toggleAttribute('data-failed-below', content.isFailedBelow);
  root.toggleAttribute('data-match', content.isMatch);
  element.name.textContent = content.name === '' ? '(no name)' : content.name;
  element.service.textContent = content.service;
  element.hidden.textContent = content.hiddenText;
  element.orphan.textContent = content.isOrphan ? 'parent missing' : '';
  element.times.textContent = content.times;
}

const FIELDS: readonly (keyof RowContent)[] = [
  'spanIndex',
  'row',
  'depth',
  'name',
  'service',
  'color',
  'folding',
  'hiddenText',
  'isFailed',
  'isFailedBelow',
  'isOrphan',
  'isSelected',
  'isHovered',
  'isMatch',
  'times',
];

function isSame(a: RowContent, b: RowContent): boolean {
  return FIELDS.every((field) => a[field] === b[field]);
}

function createPart(tag: 'div' | 'span', className: string, parent?: HTMLElement): HTMLElement {
  const part = document.createElement(tag);
  part.className = className;
  parent?.append(part);
  return part;
}
