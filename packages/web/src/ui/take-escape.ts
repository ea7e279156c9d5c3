/** The nearest thing has the key: the page must not have it, too. */
export function takeEscape(event: Pick<Event, 'preventDefault' | 'stopPropagation'>): boolean {
  event.preventDefault();
  event.stopPropagation();
  return true;
}
