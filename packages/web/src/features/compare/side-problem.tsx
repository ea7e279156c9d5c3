import { ApiError } from '@clew/api';
import { NotFoundError } from '@clew/model';
import type { ReactNode } from 'react';
import { comparePage } from '../../messages/compare.ts';
import type { SideName } from '../../state/compare-url.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import type { PairProps } from './compare-page.tsx';
import type { LoadedSide } from './use-loaded-side.ts';

const texts = comparePage.problem;
const SIDES = ['a', 'b'] as const;

/** Why a trace that is named is not there. */
export type Problem = 'invalid' | 'unknown' | 'closed' | 'failed';

export function problemOf({ trace, view, error }: LoadedSide): Problem | undefined {
  if (trace === undefined) return undefined;
  if (trace.traceId === undefined) return 'invalid';
  if (view !== undefined || error === undefined) return undefined;
  if (error instanceof NotFoundError) return 'closed';
  return error instanceof ApiError && error.code === 'not_found' ? 'unknown' : 'failed';
}

/** What is wrong with the traces that the address names, each said with what to do. */
export function SideProblem({
  sides,
  isSame,
}: PairProps & { readonly isSame: boolean }): ReactNode {
  return (
    <div className="compare-problems">
      {isSame ? (
        <Notice kind="warning" title={texts.sameTitle}>
          {texts.same}
        </Notice>
      ) : undefined}
      {SIDES.map((side) => (
        <OneProblem key={side} name={side} side={sides[side]} />
      ))}
    </div>
  );
}

function OneProblem({
  name,
  side,
}: {
  readonly name: SideName;
  readonly side: LoadedSide;
}): ReactNode {
  const problem = problemOf(side);
  if (problem === undefined) return undefined;
  const { title, text } = describe(problem, comparePage.names[name], side.error);
  return (
    <Notice kind={problem === 'failed' ? 'error' : 'warning'} title={title}>
      <span>{text}</span>
      <code>{side.trace?.text}</code>
      {problem === 'unknown' || problem === 'failed' ? (
        <Button disabled={side.isLoading} onClick={side.retry}>
          {texts.retry}
        </Button>
      ) : undefined}
    </Notice>
  );
}

function describe(
  problem: Problem,
  side: string,
  error: Error | undefined,
): { readonly title: string; readonly text: string } {
  const byProblem = {
    invalid: { title: texts.invalidTitle(side), text: texts.invalid },
    unknown: { title: texts.unknownTitle(side), text: texts.unknown },
    closed: { title: texts.closedTitle(side), text: texts.closed },
    failed: { title: texts.failedTitle(side), text: describeFailure(error) },
  };
  return byProblem[problem];
}

export function describeFailure(error: Error | undefined): string {
  if (!(error instanceof ApiError)) return texts.page(error?.message ?? '');
  return error.status === 0 ? texts.unreachable : texts.status(error.status, error.message);
}
