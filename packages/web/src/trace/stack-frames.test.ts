import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { divideStack } from './stack-frames.ts';

const shapes = (text: string) =>
  divideStack(text).map(({ kind, lines }) => `${kind} ${lines.length}`);

describe('divideStack', () => {
  test('tells own code of JavaScript from packages and Node', () => {
    const stack = [
      'Error: out of stock',
      '    at reserve (file:///app/src/stock.ts:12:9)',
      '    at async Promise.all (index 0)',
      '    at Query.run (/app/node_modules/pg/lib/query.js:5:1)',
      '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
      '    at createOrder (file:///app/src/orders.ts:40:3)',
    ].join('\n');
    expect(shapes(stack)).toEqual(['message 1', 'own 2', 'foreign 2', 'own 1']);
  });

  test('tells own code of Java from the platform, through its causes', () => {
    const stack = [
      'java.lang.IllegalStateException: no stock',
      '\tat shop.Stock.reserve(Stock.java:12)',
      '\tat java.base/java.util.ArrayList.forEach(ArrayList.java:1596)',
      '\tat org.springframework.web.Servlet.service(Servlet.java:1)',
      'Caused by: java.io.IOException: closed',
      '\t... 12 more',
    ].join('\n');
    expect(shapes(stack)).toEqual(['message 1', 'own 1', 'foreign 2', 'message 1', 'foreign 1']);
  });

  test('keeps the source line of a Python frame with it', () => {
    const stack = [
      'Traceback (most recent call last):',
      '  File "/app/shop.py", line 3, in order',
      '    reserve()',
      '  File "/usr/lib/python3.12/site-packages/flask/app.py", line 9, in run',
      '    return f()',
      'ValueError: no stock',
    ].join('\n');
    expect(shapes(stack)).toEqual(['message 1', 'own 2', 'foreign 2', 'message 1']);
  });

  test('loses nothing of any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('at ', ' ', '\n', '\t', 'x', 'node:') }),
        (text) => {
          const lines = divideStack(text).flatMap((part) => part.lines);
          expect(lines.join('\n')).toBe(text);
        },
      ),
    );
  });
});
