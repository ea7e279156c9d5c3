import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { formatCount, formatDuration, formatShare } from '../../../base/format.ts';
import { comparePage } from '../../../messages/compare.ts';
import type { CompareShown, SideName } from '../../../state/compare-url.ts';
import type { ComparedTraces } from '../../../trace/compare/compare-traces.ts';
import { explainDifference, isAlike } from '../../../trace/compare/explain-difference.ts';
import type { Cause, Explanation } from '../../../trace/compare/explain-difference.ts';
import type { RowKind } from '../../../trace/compare/row-filter.ts';
import { shorterRootNs } from '../../../trace/compare/shorter-root.ts';
import type { TraceView } from '../../../trace/trace-view.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { ServiceName } from '../../../ui/service-name.tsx';
import { nameOfGroup, parentNameOf } from './names.tsx';

const texts = comparePage.headline;

export interface HeadlineProps {
  readonly views: Readonly<Record<SideName, TraceView>>;
  readonly compared: ComparedTraces;
  readonly shown: CompareShown;
  readonly change: (change: Partial<CompareShown>) => void;
  readonly onSelectGroup: (group: number) => void;
}

/** What differs, in words; each part leads to the rows that show it. */
export function Headline(props: HeadlineProps): ReactNode {
  const { views, compared, shown, change, onSelectGroup } = props;
  const explanation = useMemo(() => explainDifference(compared), [compared]);
  const list = (kind: RowKind) => change({ filter: { ...shown.filter, kind } });
  const causes = isAlike(compared) ? [] : explanation.causes;
  return (
    <section className="compare-headline" aria-label={texts.label}>
      <h2>{headlineOf(compared, explanation)}</h2>
      {compared.matchedCount === 0 ? <p>{texts.unalike}</p> : undefined}
      {causes.length === 0 ? undefined : (
        <ul className="compare-causes">
          {causes.map((cause) => (
            <li key={cause.group}>
              <button
                type="button"
                title={texts.causeTitle}
                onClick={() => onSelectGroup(cause.group)}
              >
                <CauseText compared={compared} cause={cause} whole={explanation.differenceNs} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <p className="compare-facts">
        <RootFact {...views} />
        <Facts compared={compared} explanation={explanation} onList={list} />
      </p>
    </section>
  );
}

function headlineOf(compared: ComparedTraces, { differenceNs, ratio }: Explanation): string {
  const a = formatDuration(compared.base.durationNs);
  const b = formatDuration(compared.other.durationNs);
  if (isAlike(compared)) return texts.alike(a, b);
  const difference = formatDuration(Math.abs(differenceNs));
  const times = formatTimes(ratio);
  return differenceNs > 0
    ? texts.longer(difference, { a, b, times })
    : texts.shorter(difference, { a, b, times });
}

/** `7.5`; nothing where it would say what the difference says. */
function formatTimes(ratio: number | undefined): string | undefined {
  if (ratio === undefined || ratio < 1.5) return undefined;
  return ratio < 10 ? String(Number(ratio.toFixed(1))) : formatCount(Math.round(ratio));
}

function CauseText({
  compared,
  cause,
  whole,
}: {
  readonly compared: ComparedTraces;
  readonly cause: Cause;
  readonly whole: number;
}): ReactNode {
  const { service, name } = nameOfGroup(compared, cause.group);
  const parent = parentNameOf(compared, cause.group);
  const share = Math.round((1000 * cause.differenceNs) / whole) / 1000;
  const part = formatDuration(Math.abs(cause.differenceNs));
  return (
    <>
      <ServiceName service={service} />
      <strong>{name}</strong>
      {parent === undefined ? undefined : <small>{texts.inside(parent)}</small>}
      <span>{share > 1 ? texts.explainsMore(part) : texts.explains(part, formatShare(share))}</span>
      <small>{texts.calls(cause.baseCalls, cause.otherCalls)}</small>
    </>
  );
}

/** The traces' durations are not what one waited for where they go on after their roots have ended. */
function RootFact({ a, b }: HeadlineProps['views']): ReactNode {
  const [rootA, rootB] = [shorterRootNs(a), shorterRootNs(b)];
  if (rootA === undefined && rootB === undefined) return undefined;
  const durationA = formatDuration(rootA ?? a.durationNs);
  return <span>{texts.roots(durationA, formatDuration(rootB ?? b.durationNs))}</span>;
}

/** Of the longer trace: less of waiting is not worth a word. */
const NOTABLE_IDLE = 0.02;

function Facts({
  compared,
  explanation,
  onList,
}: {
  readonly compared: ComparedTraces;
  readonly explanation: Explanation;
  readonly onList: (kind: RowKind) => void;
}): ReactNode {
  const { onlyBaseCount, onlyOtherCount, baseErrorCount, otherErrorCount } = explanation;
  const { idleDifferenceNs } = explanation;
  const longestNs = Math.max(compared.base.durationNs, compared.other.durationNs);
  const isIdleNotable = Math.abs(idleDifferenceNs) > longestNs * NOTABLE_IDLE;
  const { names } = comparePage;
  return (
    <>
      {onlyBaseCount + onlyOtherCount === 0 ? <span>{texts.sameShape}</span> : undefined}
      {onlyOtherCount === 0 ? undefined : (
        <Button look="link" onClick={() => onList('onlyOther')}>
          {texts.onlyIn(onlyOtherCount, names.b)}
        </Button>
      )}
      {onlyBaseCount === 0 ? undefined : (
        <Button look="link" onClick={() => onList('onlyBase')}>
          {texts.onlyIn(onlyBaseCount, names.a)}
        </Button>
      )}
      {baseErrorCount + otherErrorCount === 0 ? undefined : (
        <Button look="link" className="table-failed" onClick={() => onList('failed')}>
          <Icon name="error" /> {texts.errors(baseErrorCount, otherErrorCount)}
        </Button>
      )}
      {isIdleNotable ? (
        <span>{texts.idle(formatDuration(Math.abs(idleDifferenceNs)), idleDifferenceNs > 0)}</span>
      ) : undefined}
    </>
  );
}
