import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SpanQueue } from './span-queue.ts';
import { SpanSender } from './span-sender.ts';

interface Sent {
  readonly spanCount: number;
  readonly keepalive: boolean | undefined;
}

const SCOPE = { name: 'test', version: '' };

/** The spans are too large for two requests in what outlives a page. */
const LARGE = JSON.stringify({ name: 'x'.repeat(40_000) });

let sent: Sent[];
let answer: () => Promise<Response>;
const sendBeacon = vi.fn<() => boolean>();

function createSender(endpoint = 'https://clew.example/v1/traces'): SpanSender {
  const fetch = ((_: URL, init: RequestInit) => {
    sent.push({
      spanCount: JSON.parse(new TextDecoder().decode(init.body as Uint8Array)).resourceSpans[0]
        .scopeSpans[0].spans.length as number,
      keepalive: init.keepalive,
    });
    return answer();
  }) as unknown as typeof globalThis.fetch;
  return new SpanSender(new SpanQueue({}), { url: new URL(endpoint), headers: {}, fetch });
}

function endSpans(sender: SpanSender, count: number, json = '{}'): void {
  for (let i = 0; i < count; i++) sender.onEnd(SCOPE, json);
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('location', { origin: 'https://shop.example' });
  vi.stubGlobal('navigator', { sendBeacon });
  sendBeacon.mockReset().mockReturnValue(true);
  sent = [];
  answer = async () => Response.json({});
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('sends what has ended within a second, in one request', async () => {
  const sender = createSender();
  endSpans(sender, 3);
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual([{ spanCount: 3, keepalive: true }]);
  expect(sender.stats).toMatchObject({ endedSpanCount: 3, exportedSpanCount: 3 });
});

describe('a receiver', () => {
  test('that is busy is asked again, and then takes everything', async () => {
    const sender = createSender();
    let tries = 0;
    answer = async () => (++tries < 3 ? new Response('', { status: 503 }) : Response.json({}));
    endSpans(sender, 2);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(sender.stats).toMatchObject({ exportedSpanCount: 2, droppedSpanCount: 0 });
    expect(sent).toHaveLength(3);
  });

  test('that cannot be reached costs the spans after five tries, and the page nothing', async () => {
    const sender = createSender();
    answer = () => Promise.reject(new TypeError('Failed to fetch'));
    endSpans(sender, 2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(5);
    expect(sender.stats).toMatchObject({ droppedSpanCount: 2, queuedSpanCount: 0 });
  });

  test('that refuses is not asked again', async () => {
    const sender = createSender();
    answer = async () => new Response('no', { status: 400 });
    endSpans(sender, 2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    expect(sender.stats).toMatchObject({ rejectedSpanCount: 2 });
  });

  test('that takes a part is believed', async () => {
    const sender = createSender();
    answer = async () =>
      Response.json({ partialSuccess: { rejectedSpans: '1', errorMessage: 'no' } });
    endSpans(sender, 3);
    await vi.advanceTimersByTimeAsync(1000);
    expect(sender.stats).toMatchObject({ exportedSpanCount: 2, rejectedSpanCount: 1 });
  });

  test('that never answers is given up', async () => {
    const sender = createSender();
    answer = () => new Promise(() => undefined);
    endSpans(sender, 2);
    const closed = vi.fn();
    void sender.close(5000).then(closed);
    await vi.advanceTimersByTimeAsync(5000);
    expect(closed).toHaveBeenCalled();
  });
});

describe('when the page may be gone', () => {
  test('everything is given to the browser at once, which lets it outlive the page', async () => {
    const sender = createSender();
    endSpans(sender, 3);
    sender.handOver();
    expect(sent).toEqual([{ spanCount: 3, keepalive: true }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(sender.stats).toMatchObject({ exportedSpanCount: 3, queuedSpanCount: 0 });
  });

  test('the page’s own origin is sent a beacon', () => {
    const sender = createSender('https://shop.example/v1/traces');
    endSpans(sender, 3);
    sender.handOver();
    expect(sendBeacon).toHaveBeenCalledOnce();
    expect(sent).toEqual([]);
    expect(sender.stats).toMatchObject({ beaconSpanCount: 3, queuedSpanCount: 0 });
  });

  test('what is more than may outlive it is a beacon, or sent as long as the page is there', () => {
    sendBeacon.mockReturnValueOnce(true).mockReturnValue(false);
    const sender = createSender();
    endSpans(sender, 3, LARGE);
    sender.handOver();
    expect(sent).toEqual([
      { spanCount: 1, keepalive: true },
      { spanCount: 1, keepalive: false },
    ]);
    expect(sender.stats).toMatchObject({ beaconSpanCount: 1 });
  });

  test('what waits to be sent again is handed over too, and is sent only once', async () => {
    const sender = createSender();
    answer = () => Promise.reject(new TypeError('Failed to fetch'));
    endSpans(sender, 2);
    await vi.advanceTimersByTimeAsync(1000);
    answer = async () => Response.json({});
    sender.handOver();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(2);
    expect(sender.stats).toMatchObject({
      endedSpanCount: 2,
      exportedSpanCount: 2,
      queuedSpanCount: 0,
    });
  });
});
