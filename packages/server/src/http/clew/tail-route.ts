import { tailSpans } from '@clew/api';
import type { SpanTailEvent } from '@clew/api';
import { unreachable } from '@clew/model';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { SSEStreamingApi } from 'hono/streaming';
import type { OpenTail, SpanTails, TailEvent } from '../../query/span-tails.ts';
import type { Logger } from '../../telemetry/log.ts';
import { toErrorAnswer } from '../error-response.ts';
import { parseParameters } from './parse-parameters.ts';
import { foundSpanToJson, tailFromQuery } from './span-json.ts';

/** Proxies take a connection for dead on which nothing comes for a minute or so. */
const HEARTBEAT_MS = 15_000;
const COMMENT = ':\n\n';

export interface TailRouteOptions {
  readonly tails: SpanTails;
  readonly log: Logger;
}

/** Spans as they arrive, as server-sent events. */
export function createTailRoute({ tails, log }: TailRouteOptions): Hono {
  const app = new Hono();
  app.get(tailSpans.path, async (context) => {
    const request = tailFromQuery(parseParameters(tailSpans.query, context.req.queries()));
    context.header('x-accel-buffering', 'no');
    // A HEAD comes here as well, and nobody would read the events.
    if (context.req.method === 'HEAD') return context.body(null);
    const { signal } = context.req.raw;
    const tail = await tails.open({ ...request, signal });
    return streamSSE(context, async (stream) => {
      // Lets go of what waits for a reader that has gone.
      signal.addEventListener('abort', () => stream.abort());
      await send(stream, tail, log);
    });
  });
  return app;
}

/** Never rejects. */
async function send(stream: SSEStreamingApi, open: OpenTail, log: Logger): Promise<void> {
  using tail = open;
  stream.onAbort(() => tail[Symbol.dispose]());
  const heartbeat = setInterval(() => void stream.write(COMMENT), HEARTBEAT_MS);
  try {
    // Something at once, so that proxies pass on that it has begun.
    await stream.write(COMMENT);
    for await (const each of tail.events()) {
      const { event, data } = toApiEvent(each, log);
      await stream.writeSSE({ event, data: JSON.stringify(data) });
    }
  } catch (error) {
    const { body } = toErrorAnswer(error, log);
    await stream.writeSSE({ event: 'error', data: JSON.stringify(body) });
  } finally {
    clearInterval(heartbeat);
  }
}

function toApiEvent(event: TailEvent, log: Logger): SpanTailEvent {
  switch (event.kind) {
    case 'span':
      return { event: 'span', data: foundSpanToJson(event.span) };
    case 'skipped':
      return { event: 'skipped', data: { atLeast: event.spanCount } };
    case 'failed':
      return { event: 'error', data: toErrorAnswer(event.error, log).body };
    default:
      return unreachable(event);
  }
}
