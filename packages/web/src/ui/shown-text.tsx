import type { ReactNode } from 'react';
import { visibleText } from '../base/visible-text.ts';

/** A name or value that a sender chose: what hides in it is a mark, and it does not turn the order of what stands beside it. */
export function ShownText({ text }: { readonly text: string }): ReactNode {
  return <bdi>{visibleText(text)}</bdi>;
}
