import { setTimeout as sleep } from 'node:timers/promises';
import { FORMAT_HTTP_HEADERS, Tags, globalTracer } from 'opentracing';
import type { Span } from 'opentracing';
import { finishAfter } from './finish-span.ts';
import { RequestError } from './http-service.ts';

const MAX_TRIES = 4;
const FIRST_PAUSE_MS = 50;

/**
 * Asks the bank, and asks again when it fails, after pauses of 50, 100 and 200 ms; each try has a span. Throws a
 * `RequestError` when the bank did not grant it in the end.
 */
export async function authorise(parent: Span, url: string): Promise<void> {
  let reason: unknown;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    if (tries > 0) {
      const pauseMs = FIRST_PAUSE_MS * 2 ** (tries - 1);
      parent.log({ event: 'retry', 'retry.number': tries, 'retry.pause_ms': pauseMs });
      await sleep(pauseMs);
    }
    try {
      await askBank(parent, url, tries);
      return;
    } catch (error) {
      reason = error; // Worth another try.
    }
  }
  throw Object.assign(new RequestError(502, 'the bank does not answer'), { cause: reason });
}

async function askBank(parent: Span, url: string, resendCount: number): Promise<void> {
  const tracer = globalTracer();
  const span = tracer.startSpan('authorise', {
    childOf: parent,
    tags: {
      [Tags.SPAN_KIND]: Tags.SPAN_KIND_RPC_CLIENT,
      [Tags.PEER_SERVICE]: 'bank',
      [Tags.HTTP_METHOD]: 'POST',
      [Tags.HTTP_URL]: url,
      ...(resendCount === 0 ? {} : { 'http.request.resend_count': resendCount }),
    },
  });
  const headers: Record<string, string> = {};
  tracer.inject(span, FORMAT_HTTP_HEADERS, headers);
  await finishAfter(span, async () => {
    const response = await fetch(url, { method: 'POST', headers });
    span.setTag(Tags.HTTP_STATUS_CODE, response.status);
    const text = await response.text();
    if (!response.ok) throw new Error(`the bank answered ${response.status}: ${text}`);
  });
}
