import { diag, trace } from '@opentelemetry/api';
import type { Context, Span } from '@opentelemetry/api';
import { redactUrl } from '../instrumentation/http-attributes.ts';
import { SDK_NAME, SDK_VERSION } from '../version.ts';
import { actedOn, elementName } from './element-name.ts';
import type { TurnContextManager } from './turn-context-manager.ts';
import { getWork, setWork } from './work.ts';
import type { Work } from './work.ts';

const EVENTS = ['click', 'submit', 'keydown'] as const;

export interface InteractionTracing {
  /** Ends the spans of those that are not over: the page may be gone at any moment. */
  endOpen(): void;
  stop(): void;
}

/**
 * A span for each click, submit and Enter of a person: active in the listeners of the event, and over with the last request that
 * they started.
 */
export function traceInteractions(contexts: TurnContextManager): InteractionTracing {
  const open = new Set<Interaction>();
  const listener = (event: Event): void => {
    try {
      begin(event, contexts, open);
    } catch (cause) {
      diag.error(`clew: an interaction could not be traced: ${String(cause)}`);
    }
  };
  // Before every listener of the page, and whatever these stop.
  const options = { capture: true, passive: true };
  for (const type of EVENTS) addEventListener(type, listener, options);
  return {
    endOpen: () => {
      for (const interaction of open) interaction.end(performance.now());
    },
    stop: () => {
      for (const type of EVENTS) removeEventListener(type, listener, options);
    },
  };
}

function begin(event: Event, contexts: TurnContextManager, open: Set<Interaction>): void {
  const [target] = event.composedPath();
  if (!event.isTrusted || !(target instanceof Element) || isOther(event)) return;
  const element = actedOn(target);
  if (element === document.documentElement || element === document.body) return;
  // The submit of a button that was clicked comes in the same task as the click.
  const from = contexts.active();
  const span = trace.getTracer(`${SDK_NAME}/interaction`, SDK_VERSION).startSpan(
    `${event.type} ${elementName(element)}`,
    {
      startTime: event.timeStamp,
      attributes: {
        event_type: event.type,
        target_element: element.tagName,
        'url.full': redactUrl(new URL(location.href)),
      },
    },
    from,
  );
  const interaction = new Interaction(span, from, contexts, open);
  contexts.hold(setWork(trace.setSpan(from, span), interaction));
  interaction.finish();
}

function isOther(event: Event): boolean {
  return event instanceof KeyboardEvent && (event.key !== 'Enter' || event.isComposing);
}

/** What one event has set off. */
class Interaction implements Work {
  readonly #span: Span;
  readonly #contexts: TurnContextManager;
  readonly #open: Set<Interaction>;
  /** What it is part of itself. */
  readonly #outer: Work | undefined;
  /** The event itself is one. */
  #runningCount = 1;

  constructor(span: Span, from: Context, contexts: TurnContextManager, open: Set<Interaction>) {
    this.#span = span;
    this.#contexts = contexts;
    this.#open = open.add(this);
    this.#outer = getWork(from);
    this.#outer?.begin();
  }

  begin(): void {
    this.#runningCount++;
  }

  /** What follows from it, in the same task, may begin something else. */
  finish(): void {
    this.#contexts.inNextTask(() => {
      if (--this.#runningCount === 0) this.end(performance.now());
    });
  }

  end(timeMs: number): void {
    if (!this.#open.delete(this)) return;
    this.#span.end(timeMs);
    this.#outer?.finish();
  }
}
