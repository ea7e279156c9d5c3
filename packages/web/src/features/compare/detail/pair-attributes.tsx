import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { comparePage } from '../../../messages/compare.ts';
import { Button } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { describeFailure } from '../side-problem.tsx';
import { AttributePairs } from './attribute-pairs.tsx';
import { compareAttributes } from './compare-attributes.ts';
import type { PairDetailsProps } from './pair-details.tsx';
import { useSpanOf } from './use-span-of.ts';
import type { SpanOfSide } from './use-span-of.ts';

const texts = comparePage.detail;

/** What the two spans carry, side by side. */
export function PairAttributes({ source, row, pair }: PairDetailsProps): ReactNode {
  const { spans } = source.compared;
  const baseIndex = spans.baseIndexes[row] ?? -1;
  const otherIndex = spans.otherIndexes[row] ?? -1;
  const a = useSpanOf(source.base, baseIndex, pair.a.source === 'file');
  const b = useSpanOf(source.other, otherIndex, pair.b.source === 'file');
  const ofA = baseIndex < 0 ? undefined : a.data;
  const ofB = otherIndex < 0 ? undefined : b.data;
  const failed = [a, b].find(({ error }) => error !== null);
  if (failed !== undefined) {
    return (
      <Notice kind="error" title={texts.failed(describeFailure(failed.error ?? undefined))}>
        <Button onClick={() => void failed.refetch()}>{texts.retry}</Button>
      </Notice>
    );
  }
  const isPending = (baseIndex >= 0 && ofA === undefined) || (otherIndex >= 0 && ofB === undefined);
  if (isPending) return <p className="compare-note">{texts.loading}</p>;
  return <Loaded a={ofA} b={ofB} />;
}

function Loaded({
  a,
  b,
}: {
  readonly a: SpanOfSide | undefined;
  readonly b: SpanOfSide | undefined;
}): ReactNode {
  const attributes = useMemo(
    () =>
      compareAttributes(
        [...statusOf(a), ...(a?.span.attributes ?? [])],
        [...statusOf(b), ...(b?.span.attributes ?? [])],
      ),
    [a, b],
  );
  const isPair = a !== undefined && b !== undefined;
  const resource = useMemo(() => compareAttributes(a?.resource ?? [], b?.resource ?? []), [a, b]);
  return (
    <>
      <AttributePairs title={texts.attributes} pairs={attributes} isPair={isPair} />
      <AttributePairs title={texts.resource} pairs={resource} isPair={isPair} />
    </>
  );
}

/** The status stands with the attributes, since it may differ as they do. */
function statusOf(of: SpanOfSide | undefined): SpanOfSide['span']['attributes'] {
  if (of === undefined) return [];
  const { status, statusMessage } = of.span;
  const value = statusMessage === '' ? status : `${status}: ${statusMessage}`;
  return [{ key: texts.status, value: { type: 'string', value } }];
}
