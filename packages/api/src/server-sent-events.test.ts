import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventParser, readServerSentEvents } from './server-sent-events.ts';
import type { ServerSentEvent } from './server-sent-events.ts';

function parse(pieces: readonly string[]): ServerSentEvent[] {
  const parser = new EventParser();
  return pieces.flatMap((piece) => parser.push(piece));
}

describe('a stream of events', () => {
  test.each<[string, ServerSentEvent[]]>([
    ['event: span\ndata: {"a":1}\n\n', [{ event: 'span', data: '{"a":1}' }]],
    ['data: x\n\n', [{ event: 'message', data: 'x' }]],
    ['data:x\r\n\r\n', [{ event: 'message', data: 'x' }]],
    ['data: x\r\r', [{ event: 'message', data: 'x' }]],
    ['data:  x: y\n\n', [{ event: 'message', data: ' x: y' }]],
    ['data: a\ndata\ndata: b\n\n', [{ event: 'message', data: 'a\n\nb' }]],
    ['data\n\n', [{ event: 'message', data: '' }]],
    [': a comment\n\n: another\n\n', []],
    ['event: span\n\ndata: x\n\n', [{ event: 'message', data: 'x' }]],
    ['id: 7\nretry: 1000\nother: y\nevent: a\ndata: x\n\n', [{ event: 'a', data: 'x' }]],
    ['event: a\ndata: cut off\n', []],
    [
      'event: a\ndata: 1\n\nevent: b\ndata: 2\n\n',
      [
        { event: 'a', data: '1' },
        { event: 'b', data: '2' },
      ],
    ],
  ])('%j', (text, events) => {
    expect(parse([text])).toEqual(events);
  });

  test('means the same in whatever pieces it comes', () => {
    const line = fc.constantFrom('data: x', 'data:é🦊', 'data', 'event: a', ': c', '', '', 'x');
    const end = fc.constantFrom('\n', '\r\n', '\r');
    const text = fc
      .array(fc.tuple(line, end).map((parts) => parts.join('')))
      .map((lines) => lines.join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat(100)), (whole, cuts) => {
        const at = [0, ...cuts.map((cut) => cut % (whole.length + 1)), whole.length];
        at.sort((a, b) => a - b);
        const pieces = at.slice(1).map((end, i) => whole.slice(at[i], end));
        expect(parse(pieces)).toEqual(parse([whole]));
      }),
    );
  });
});

describe('a stream of bytes', () => {
  test('is read character by character, wherever it is cut', async () => {
    const bytes = new TextEncoder().encode('data: é🦊\n\n');
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const events: ServerSentEvent[] = [];
    for await (const event of readServerSentEvents(stream)) events.push(event);
    expect(events).toEqual([{ event: 'message', data: 'é🦊' }]);
  });

  test('is given up by whoever stops asking', async () => {
    let isCanceled = false;
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('data: x\n\n')),
      cancel: () => {
        isCanceled = true;
      },
    });
    for await (const event of readServerSentEvents(stream)) {
      expect(event.data).toBe('x');
      break;
    }
    expect(isCanceled).toBe(true);
  });

  test('passes on why it failed', async () => {
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => controller.error(new TypeError('terminated')),
    });
    await expect(readServerSentEvents(stream).next()).rejects.toThrow('terminated');
  });
});
