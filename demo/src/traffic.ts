/**
 * Customers: orders at a gentle rate, most of them good, and now and then one that is slow, or wrong in a way that is
 * worth finding in a trace. The same seed makes the same orders.
 *
 * As a program: ORDER_SERVICE_URL, RATE (orders a second), SEED.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from './random.ts';
import { isProgram, readRequired, runService } from './run-service.ts';
import type { Stoppable } from './run-service.ts';

/** What an order is meant to lead to. */
export type OrderKind = 'good' | 'slow' | 'unknown-user' | 'card-expired' | 'invalid' | 'too-many';

export interface TrafficOptions {
  readonly orderServiceUrl: string;
  /** Orders a second, on average. */
  readonly rate: number;
  readonly seed: number;
}

export interface OrderRequest {
  readonly kind: OrderKind;
  readonly body: string;
}

/** Twenty orders are shuffled at a time, so that every kind comes up soon. */
const DECK: readonly OrderKind[] = [
  ...Array.from({ length: 13 }, () => 'good' as const),
  'slow',
  'slow',
  'unknown-user',
  'unknown-user',
  'card-expired',
  'invalid',
  'too-many',
];
const ITEMS = ['tea', 'coffee', 'cup', 'kettle'] as const;

/** Orders without end, always the same for the same seed. */
export function* createOrders(seed: number): Generator<OrderRequest, never> {
  const random = createRandom(seed);
  for (;;) {
    for (const kind of shuffle(DECK, random)) yield createOrderRequest(kind, random);
  }
}

/** More orders than this at once are not gentle any more; the next ones wait. */
const MAX_AT_ONCE = 10;

/** Sends orders until it is stopped. An order-service that does not answer is tried again with the next order. */
export function startTraffic({ orderServiceUrl, rate, seed }: TrafficOptions): Stoppable {
  const stop = new AbortController();
  const pause = createRandom(seed + 1);
  const underWay = new Set<Promise<void>>();
  const run = async (): Promise<void> => {
    for (const order of createOrders(seed)) {
      // Customers come independently of each other, so the pauses between them are exponentially distributed.
      const pauseMs = (-Math.log(1 - pause()) * 1000) / rate;
      await sleep(pauseMs, undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) break;
      if (underWay.size >= MAX_AT_ONCE) await Promise.race(underWay);
      const sending = sendOrder(orderServiceUrl, order.body).finally(() =>
        underWay.delete(sending),
      );
      underWay.add(sending);
    }
    await Promise.all(underWay);
  };
  const running = run();
  return {
    url: orderServiceUrl,
    stop: async () => {
      stop.abort();
      await running;
    },
  };
}

async function sendOrder(orderServiceUrl: string, body: string): Promise<void> {
  try {
    const response = await fetch(`${orderServiceUrl}/orders`, { method: 'POST', body });
    await response.text();
  } catch {
    // The order-service is not there; whoever runs it says so.
  }
}

function createOrderRequest(kind: OrderKind, random: () => number): OrderRequest {
  const pick = (count: number): number => Math.floor(random() * count);
  const order = {
    userId: pickUser(kind, pick),
    item: ITEMS[pick(ITEMS.length)],
    quantity: 1 + pick(5),
  };
  return { kind, body: JSON.stringify({ ...order, ...CHANGES[kind] }) };
}

/** Every tenth user has a business, and those are slow to look up; the cards of those that end in 13 have expired. */
function pickUser(kind: OrderKind, pick: (count: number) => number): number {
  if (kind === 'card-expired') return pick(10) * 100 + 13;
  const tens = pick(100) * 10;
  if (kind === 'slow') return tens + 10;
  const userId = tens + 1 + pick(9);
  return userId % 100 === 13 ? userId + 1 : userId;
}

const CHANGES: Readonly<Record<OrderKind, object>> = {
  good: {},
  slow: {},
  'unknown-user': { userId: 4711 },
  'card-expired': {},
  invalid: { quantity: 0 },
  'too-many': { quantity: 5000 },
};

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

function readNumber(key: string, fallback: number): number {
  const value = Number(process.env[key] ?? fallback);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`${key} is not a number above zero: "${process.env[key]}"`);
}

if (isProgram(import.meta.url)) {
  await runService('traffic', async () =>
    startTraffic({
      orderServiceUrl: readRequired('ORDER_SERVICE_URL'),
      rate: readNumber('RATE', 2),
      seed: readNumber('SEED', 1),
    }),
  );
}
