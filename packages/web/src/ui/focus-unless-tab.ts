import { mayTakeFocus } from './embed.tsx';

/** Gives a picture the keys when it is opened; one who goes from tab to tab stays there, and so does one who types. */
export function focusUnlessTab(element: HTMLElement | null): void {
  const { activeElement } = document;
  if (activeElement?.matches('[role="tab"], input, select, textarea') === true) return;
  if (mayTakeFocus()) element?.focus({ preventScroll: true });
}
