import { attribute } from './attributes.ts';
import type { ShopAttribute } from './attributes.ts';
import type { Random } from './random.ts';
import type { PlacedSpan } from './request-shape.ts';

/** A span with all that it says, before it is written in a format. */
export interface FilledSpan extends PlacedSpan {
  readonly attributes: readonly ShopAttribute[];
  readonly event: ShopEvent | undefined;
}

export interface ShopEvent {
  readonly name: string;
  readonly attributes: readonly ShopAttribute[];
}

export const FAILURE_MESSAGE = 'upstream timed out';

/** Of each list of its operation's attributes one; and an event, often where it failed and else rarely. */
export function fillSpan(span: PlacedSpan, random: Random): FilledSpan {
  const { operation, failed } = span;
  const choices = failed ? operation.attributesWhenFailed : operation.attributes;
  const attributes = choices
    .map((choice) => random.pick(choice))
    .filter((picked) => picked !== 'none');
  const hasEvent = random.chance(failed ? 0.7 : 0.03);
  const event = failed ? EXCEPTION : RETRY;
  return { ...span, attributes, event: hasEvent ? event : undefined };
}

const EXCEPTION: ShopEvent = {
  name: 'exception',
  attributes: [
    attribute('exception.type', 'TimeoutError'),
    attribute('exception.message', 'upstream timed out after 2000 ms'),
    attribute(
      'exception.stacktrace',
      [
        'TimeoutError: upstream timed out',
        'at request (/app/src/call.ts:41:11)',
        'at handle (/app/src/main.ts:88:5)',
      ].join('\n    '),
    ),
  ],
};

const RETRY: ShopEvent = {
  name: 'retry',
  attributes: [attribute('retry.attempt', 1), attribute('retry.reason', 'connection reset')],
};
