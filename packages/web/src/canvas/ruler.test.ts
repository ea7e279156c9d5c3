import { describe, expect, test } from 'vitest';
import { TimeScale } from '../base/time-scale.ts';
import { CanvasRecorder, LETTER_WIDTH_PX } from '../testing/canvas-recorder.ts';
import { NAMED_THEME } from '../testing/canvas-theme.ts';
import { chooseTicks, drawRuler } from './ruler.ts';
import type { RulerFrame } from './ruler.ts';
import { TextMeasurer } from './text-measurer.ts';

function draw(change: Partial<RulerFrame> = {}): CanvasRecorder {
  const recorder = new CanvasRecorder();
  const scale = new TimeScale({ startNs: 0, endNs: 100e6 }, { leftPx: 10, widthPx: 500 });
  const shared = { scale, widthPx: 560, theme: NAMED_THEME, text: new TextMeasurer(), ...change };
  const ticks = chooseTicks(recorder.context, shared);
  drawRuler(recorder.context, {
    heightPx: 26,
    cursorPx: undefined,
    draft: undefined,
    ticks,
    ...shared,
  });
  return recorder;
}

describe('ruler', () => {
  test('labels round moments', () => {
    expect(draw().texts).toEqual(['0', '20 ms', '40 ms', '60 ms', '80 ms', '100 ms']);
  });

  test('gives long labels more room, so that none runs into the next', () => {
    const scale = new TimeScale(
      { startNs: 1_234_567_000, endNs: 1_234_567_200 },
      { leftPx: 0, widthPx: 500 },
    );
    const labels = draw({ scale, widthPx: 500 }).named('fillText');
    expect(labels.length).toBeGreaterThan(1);
    labels.forEach(({ args }, at) => {
      const next = labels[at + 1]?.args[1];
      const endPx = Number(args[1]) + String(args[0]).length * LETTER_WIDTH_PX;
      if (next !== undefined) expect(endPx).toBeLessThan(Number(next));
    });
  });

  test('tells the time of the pointer as finely as a pixel does', () => {
    expect(draw({ cursorPx: 260 }).texts.at(-1)).toBe('50.0 ms');
  });

  test('tells the length of the range that is drawn up, instead of the pointer', () => {
    const texts = draw({ cursorPx: 60, draft: { startNs: 10e6, endNs: 43e6 } }).texts;
    expect(texts.at(-1)).toBe('33.0 ms');
    expect(texts).not.toContain('10.0 ms');
  });
});
