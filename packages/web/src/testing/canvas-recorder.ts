import type { RasterContext } from '../canvas/draw-context.ts';

/** One call to the context, with the style that was in force. */
export interface DrawCall {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly fillStyle: string;
  readonly strokeStyle: string;
  readonly globalAlpha: number;
}

/** A letter is this wide, so that a test can tell what fits. */
export const LETTER_WIDTH_PX = 6;

/** A 2D context that draws nothing and remembers everything. A gradient is recorded as its first colour. */
export class CanvasRecorder {
  readonly calls: DrawCall[] = [];
  readonly context: RasterContext;

  constructor() {
    this.context = createContext(this.calls);
  }

  /** The calls of one name. */
  named(name: string): readonly DrawCall[] {
    return this.calls.filter((call) => call.name === name);
  }

  /** The texts that were written, from left to right in the order of writing. */
  get texts(): readonly string[] {
    return this.named('fillText').map(({ args }) => String(args[0]).replaceAll('\u00a0', ' '));
  }
}

function createContext(calls: DrawCall[]): RasterContext {
  const style: Record<string, unknown> = {
    fillStyle: '#000',
    strokeStyle: '#000',
    globalAlpha: 1,
    font: '',
    lineWidth: 1,
    textAlign: 'start',
    textBaseline: 'alphabetic',
  };
  const record =
    (name: string) =>
    (...args: unknown[]): unknown => {
      calls.push({
        name,
        args,
        fillStyle: describe(style['fillStyle']),
        strokeStyle: describe(style['strokeStyle']),
        globalAlpha: Number(style['globalAlpha']),
      });
      return answer(name, args);
    };
  return new Proxy(style, {
    get: (target, name: string) => (name in target ? target[name] : record(name)),
  }) as unknown as RasterContext;
}

function answer(name: string, args: readonly unknown[]): unknown {
  if (name === 'measureText') return { width: String(args[0]).length * LETTER_WIDTH_PX };
  return name === 'createLinearGradient' ? new RecordedGradient() : undefined;
}

class RecordedGradient {
  readonly colors: string[] = [];

  addColorStop(_offset: number, color: string): void {
    this.colors.push(color);
  }
}

function describe(style: unknown): string {
  return style instanceof RecordedGradient ? `gradient ${style.colors.join(' ')}` : String(style);
}
