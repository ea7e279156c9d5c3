import type { Span } from '@clew/model';
import { describe, expect, test } from 'vitest';
import { attribute, blockOf, span, spanId } from '../testing/spans.ts';
import { CALL_ROLE, findCallSides } from './call-sides.ts';

describe('what a span can be in a call', () => {
  function sidesOf(spans: readonly Span[]): string[] {
    const { roles, peers } = findCallSides(blockOf(spans));
    const names = Object.entries(CALL_ROLE);
    return spans.map((_, row) => {
      const role = names.find(([, number]) => number === roles[row])?.[0] ?? 'unknown';
      return [role, peers.text(row)].filter((text) => text !== '').join(' ');
    });
  }

  function client(attributes: Readonly<Record<string, string>>): Span {
    return {
      ...span({ kind: 'client' }),
      attributes: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    };
  }

  test('names what a client called by the best key it has, in whatever order they come', () => {
    expect(
      sidesOf([
        client({ 'net.peer.name': 'old.example', 'server.address': 'new.example' }),
        client({ 'db.system': 'mysql', 'server.address': 'db-1', 'db.name': 'orders' }),
        client({ 'db.system.name': 'postgresql' }),
        client({ 'messaging.system': 'kafka', 'messaging.destination.name': 'parcels' }),
        client({ 'peer.service': 'billing', 'db.system': 'redis' }),
        client({ 'http.route': '/' }),
        client({}),
      ]),
    ).toEqual([
      'externalCaller new.example',
      'databaseCaller orders',
      'databaseCaller postgresql',
      'messagingCaller parcels',
      'databaseCaller billing',
      'caller',
      'caller',
    ]);
  });

  test('finds each caller’s own strings among those of other spans, however long', () => {
    const long = 'x'.repeat(40_000);
    expect(
      sidesOf([
        { ...span({ kind: 'internal' }), attributes: [attribute('server.address', 'not a peer')] },
        client({ note: long, 'server.address': 'first.example' }),
        { ...span({ kind: 'server' }), attributes: [attribute('note', long)] },
        client({ 'server.address': long }),
        client({ 'server.address': 'last.example' }),
      ]),
    ).toEqual([
      'none',
      'externalCaller first.example',
      'none',
      `externalCaller ${long}`,
      'externalCaller last.example',
    ]);
  });

  test('takes a producer without any name for the caller of a queue', () => {
    const producer = { ...client({ 'server.address': 'broker' }), kind: 'producer' as const };
    expect(sidesOf([producer])).toEqual(['caller']);
  });

  test('takes a span with a parent for called, unless the parent is known to be in its process', () => {
    const child = { parentSpanId: spanId(9) };
    expect(
      sidesOf([
        span({ ...child, kind: 'server', flags: 0x301 }),
        span({ ...child, kind: 'server', flags: 0x101 }),
        span({ ...child, kind: 'consumer' }),
        span({ ...child, kind: 'internal' }),
        span({ ...child, kind: 'internal', flags: 0x301 }),
        span({ ...child, kind: 'internal', flags: 0x101 }),
        span({ kind: 'server' }),
        { ...span({ kind: 'server' }), attributes: [attribute('zipkin.shared', true)] },
      ]),
    ).toEqual([
      'called',
      'called',
      'called',
      'called',
      'called',
      'none',
      'none',
      'calledBySharedId',
    ]);
  });
});
