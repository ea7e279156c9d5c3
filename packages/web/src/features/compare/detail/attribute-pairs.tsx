import type { AttributeValueJson } from '@clew/api';
import type { ReactNode } from 'react';
import { visibleLines } from '../../../base/visible-text.ts';
import { ShownText } from '../../../ui/shown-text.tsx';
import { plainText } from '../../../attributes/attribute-value.ts';
import { comparePage } from '../../../messages/compare.ts';
import type { AttributePair } from './compare-attributes.ts';

const texts = comparePage.detail;

/** Attributes side by side: first those that differ, then, when they are asked for, those that are alike. */
export function AttributePairs({
  title,
  pairs,
  isPair,
}: {
  readonly title: string;
  readonly pairs: readonly AttributePair[];
  /** Otherwise only one of the traces has the span, and there is nothing to compare. */
  readonly isPair: boolean;
}): ReactNode {
  if (!isPair) {
    return (
      <section className="compare-attributes" aria-label={title}>
        <h3>
          {title} <small>{texts.onlyOne(pairs.length)}</small>
        </h3>
        <PairList
          pairs={pairs.map(({ key, a, b }) => ({
            key,
            a: a ?? b,
            b: undefined,
            isDifferent: false,
          }))}
        />
      </section>
    );
  }
  const different = pairs.filter(({ isDifferent }) => isDifferent);
  const alike = pairs.filter(({ isDifferent }) => !isDifferent);
  return (
    <section className="compare-attributes" aria-label={title}>
      <h3>
        {title}{' '}
        <small>{pairs.length === 0 ? texts.noAttributes : texts.different(different.length)}</small>
      </h3>
      <PairList pairs={different} />
      {alike.length === 0 ? undefined : (
        <details>
          <summary>{texts.alike(alike.length)}</summary>
          <PairList pairs={alike} />
        </details>
      )}
    </section>
  );
}

function PairList({ pairs }: { readonly pairs: readonly AttributePair[] }): ReactNode {
  if (pairs.length === 0) return undefined;
  return (
    <dl>
      {pairs.map(({ key, a, b, isDifferent }) => (
        <div key={key} data-different={isDifferent}>
          <dt>
            {isDifferent ? (
              <span className="compare-differs" title={texts.differs}>
                {texts.differsMark}
              </span>
            ) : undefined}
            <ShownText text={key} />
          </dt>
          {isDifferent ? (
            <>
              <ValueOf side="a" value={a} />
              <ValueOf side="b" value={b} />
            </>
          ) : (
            <ValueOf side={undefined} value={a} />
          )}
        </div>
      ))}
    </dl>
  );
}

/** A body of a megabyte must not stall the panel: all of it is on the page of the trace. */
const MAX_SHOWN = 1_000;

function ValueOf({
  side,
  value,
}: {
  readonly side: 'a' | 'b' | undefined;
  readonly value: AttributeValueJson | undefined;
}): ReactNode {
  const text = value === undefined ? texts.none : plainText(value);
  const isCut = text.length > MAX_SHOWN;
  return (
    <dd>
      {side === undefined ? undefined : (
        <span className="compare-mark" data-side={side}>
          {comparePage.names[side]}
        </span>
      )}
      <code>
        <bdi>{visibleLines(isCut ? `${text.slice(0, MAX_SHOWN)}…` : text)}</bdi>
      </code>
    </dd>
  );
}
