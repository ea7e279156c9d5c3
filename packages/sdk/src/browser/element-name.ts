/** What people act on, when they hit something inside of it. */
const ACTED_ON =
  'a,button,input,select,textarea,label,summary,form,[role=button],[role=link],[role=tab],[role=menuitem],[role=option],[data-trace-name]';

/** Whose text says what they do. */
const LABELLED = new Set(['a', 'button', 'summary']);

const MAX_TEXT = 40;

/** The element that an event is about: the button, not the picture in it. */
export function actedOn(element: Element): Element {
  return element.closest(ACTED_ON) ?? element;
}

/**
 * What an element is called in span names: `data-trace-name` where the page says it, else its tag with what tells it apart: id,
 * name, label or text.
 */
export function elementName(element: Element): string {
  const read = (name: string): string => element.getAttribute(name)?.trim() ?? '';
  const tag = element.localName;
  const given = read('data-trace-name');
  if (given !== '') return given;
  if (element.id !== '') return `${tag}#${element.id}`;
  if (read('name') !== '') return `${tag}[name=${read('name')}]`;
  const text = LABELLED.has(tag) ? (element.textContent ?? '') : '';
  const label = shorten(read('aria-label') || text);
  return label === '' ? tag : `${tag} "${label}"`;
}

function shorten(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT - 1)}…` : line;
}
