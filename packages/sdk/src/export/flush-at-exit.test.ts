import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OtlpSink } from '../testing/otlp-sink.ts';
import { runProgram } from '../testing/run-program.ts';
import type { ProgramEnd } from '../testing/run-program.ts';

let sink: OtlpSink;

beforeEach(async () => {
  sink = await OtlpSink.start();
});

afterEach(() => sink.stop());

/** A service with spans that were not sent yet, which is told to end. */
function serve(lines = ''): Promise<ProgramEnd> {
  return runProgram(
    `const { init, startSpan } = await from('index.ts');
     const clew = init({ endpoint: '${sink.endpoint}', flushIntervalMs: 60_000, maxBatchSize: 100 });
     setInterval(() => undefined, 1000);
     for (let i = 0; i < 250; i++) startSpan('s').finish();
     // Those of whole batches would leave by themselves.
     await clew.forceFlush();
     ${lines}
     startSpan('last').finish();
     console.log('ready');`,
    (kill) => kill('SIGTERM'),
  );
}

describe('SIGTERM', () => {
  test('ends the process as it would have without us, after the spans were sent', async () => {
    const { code, signal, tookMs } = await serve();
    expect({ code, signal }).toEqual({ code: null, signal: 'SIGTERM' });
    expect(sink.spans.at(-1)?.name).toBe('last');
    expect(tookMs).toBeLessThan(500);
  });

  test('is held up by a receiver that hangs for half a second', async () => {
    sink.answerWith((index) => (index < 3 ? { status: 200 } : 'hang'));
    const { signal, tookMs } = await serve();
    expect(signal).toBe('SIGTERM');
    expect(tookMs).toBeGreaterThan(450);
    expect(tookMs).toBeLessThan(1200);
  });

  test('is left to an application that listens to it, and spans are sent meanwhile', async () => {
    const { code, stdout } = await serve(`
      process.on('SIGTERM', () => setTimeout(() => {
        console.log(clew.stats.exportedSpanCount);
        process.exit(7);
      }, 700));`);
    expect({ code, stdout }).toEqual({ code: 7, stdout: 'ready\n251\n' });
    expect(sink.spans.at(-1)?.name).toBe('last');
  });

  test('is left to an application that listens to it once', async () => {
    const { code } = await serve(`
      process.once('SIGTERM', () => setTimeout(() => process.exit(7), 700));`);
    expect(code).toBe(7);
  });

  test('is left to whoever raises it again when nobody else listens', async () => {
    const { signal, stdout } = await serve(`
      const listener = () => {
        if (process.listenerCount('SIGTERM') > 1) return console.log('not alone');
        process.off('SIGTERM', listener);
        process.kill(process.pid, 'SIGTERM');
      };
      process.on('SIGTERM', listener);`);
    expect({ signal, stdout }).toEqual({ signal: 'SIGTERM', stdout: 'ready\n' });
  });

  test('does not concern us any more after shutdown', async () => {
    const { signal } = await serve(`
      await clew.shutdown();
      if (process.listenerCount('SIGTERM') > 0) process.exit(1);`);
    expect(signal).toBe('SIGTERM');
  });
});
