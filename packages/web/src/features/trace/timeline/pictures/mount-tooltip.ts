import { messages } from '../../../../messages/messages.ts';
import { isolatedText, visibleText } from '../../../../base/visible-text.ts';
import { formatDuration, formatOffset } from '../../../../base/format.ts';
import { eventNameOf, nameOf, serviceOf } from '../../../../trace/trace-view.ts';
import type { TraceView } from '../../../../trace/trace-view.ts';
import { drawOnChange } from '../timeline-context.ts';
import type { TimelineContext } from '../timeline-context.ts';

const TEXTS = messages.trace.tooltip;

const GAP_PX = 14;

/** What is under the pointer, in words beside it: everything it says is in the details, too. */
export function mountTooltip({ elements, state, scheduler }: TimelineContext): Disposable {
  const { tooltip, root, waterfall } = elements;
  let point = { xPx: 0, yPx: 0 };
  const onMove = (event: PointerEvent) => {
    const box = root.getBoundingClientRect();
    point = { xPx: event.clientX - box.left, yPx: event.clientY - box.top };
  };
  waterfall.addEventListener('pointermove', onMove, { capture: true });
  const draw = () => {
    const { at, spanIndex, event } = state.hover.get();
    tooltip.hidden = at !== 'bar' || spanIndex === undefined;
    if (tooltip.hidden || spanIndex === undefined) return;
    writeTooltip(tooltip, describe(state.view.get(), spanIndex, event));
    const xPx = Math.min(point.xPx + GAP_PX, root.clientWidth - tooltip.offsetWidth - 4);
    const isBelow = point.yPx + GAP_PX + tooltip.offsetHeight < root.clientHeight;
    const yPx = isBelow ? point.yPx + GAP_PX : point.yPx - GAP_PX - tooltip.offsetHeight;
    tooltip.style.setProperty('--tooltip-x', `${Math.max(4, xPx)}px`);
    tooltip.style.setProperty('--tooltip-y', `${yPx}px`);
  };
  const drawn = drawOnChange(scheduler, [state.hover, state.view], draw);
  return {
    [Symbol.dispose]: () => {
      waterfall.removeEventListener('pointermove', onMove, { capture: true });
      drawn[Symbol.dispose]();
    },
  };
}

interface TooltipText {
  readonly title: string;
  readonly subtitle: string;
  readonly facts: readonly (readonly [string, string])[];
}

function describe(view: TraceView, spanIndex: number, event: number | undefined): TooltipText {
  if (event !== undefined) return describeEvent(view, spanIndex, event);
  const failed = view.errors[spanIndex] === 1 ? ([[TEXTS.status, 'error']] as const) : [];
  return {
    title: visibleText(nameOf(view, spanIndex)),
    subtitle: visibleText(serviceOf(view, spanIndex)),
    facts: [
      [TEXTS.start, formatOffset(view.offsetsNs[spanIndex] ?? 0)],
      [TEXTS.duration, formatDuration(view.durationsNs[spanIndex] ?? 0)],
      [TEXTS.self, formatDuration(view.coverage.selfTimesNs[spanIndex] ?? 0)],
      ...failed,
    ],
  };
}

function describeEvent(view: TraceView, spanIndex: number, event: number): TooltipText {
  const eventNs = view.events.offsetsNs[event] ?? 0;
  const sinceSpanNs = eventNs - (view.offsetsNs[spanIndex] ?? 0);
  return {
    title: visibleText(eventNameOf(view, event)),
    subtitle: TEXTS.eventOf(isolatedText(nameOf(view, spanIndex))),
    facts: [
      [TEXTS.inTrace, formatOffset(eventNs)],
      [TEXTS.inSpan, formatOffset(sinceSpanNs)],
    ],
  };
}

function writeTooltip(tooltip: HTMLElement, { title, subtitle, facts }: TooltipText): void {
  const key = [title, subtitle, ...facts.flat()].join('\n');
  if (tooltip.dataset['key'] === key) return;
  tooltip.dataset['key'] = key;
  const list = document.createElement('dl');
  for (const [name, value] of facts) {
    const term = document.createElement('dt');
    const description = document.createElement('dd');
    term.textContent = name;
    description.textContent = value;
    list.append(term, description);
  }
  const heading = document.createElement('strong');
  const service = document.createElement('span');
  heading.textContent = title;
  service.textContent = subtitle;
  tooltip.replaceChildren(heading, service, list);
}
