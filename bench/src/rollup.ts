import { SpanBlock } from '@clew/model';
import { decodeTracesProtobuf } from '@clew/protocol';
import { AttributeSets } from '../../packages/server/src/storage/attribute-sets/attribute-sets.ts';
import { encodeSpans } from '../../packages/server/src/storage/native/encode-spans.ts';
import { NativeWriter } from '../../packages/server/src/storage/native/native-writer.ts';
import {
  fileBlock,
  keptPartitions,
} from '../../packages/server/src/storage/native/partition-time.ts';
import {
  AttributeCatalogs,
  ROLLUP_TABLES,
  SegmentRollup,
} from '../../packages/server/src/storage/rollup/segment-rollup.ts';
import { formatTable, keepResult } from './keep-result.ts';
import { createTemplates } from './load/request-template.ts';

export interface RollupOptions {
  /** In each request. */
  readonly spans: number;
  readonly seconds: number;
}

const TEMPLATE_PAIRS = 5;
const SEGMENT_SPANS = 250_000;
const RETENTION_MS = 7 * 24 * 3600 * 1000;
const WARM_UP_SEGMENTS = 2;

/** What is done with a block behind the decoder, in the order it is done. */
const STEPS = [
  'file',
  'split attributes',
  'encode spans',
  'add to rollup',
  'encode rollup',
] as const;
type Step = (typeof STEPS)[number];

/**
 * What the store does with blocks on the event loop, alone and warm: filing and encoding the spans, counting them into a
 * segment's rollup, and encoding that when the segment is full.
 */
export function benchRollup({ spans, seconds }: RollupOptions): void {
  const segments = new Segments(spans);
  for (let i = 0; i < WARM_UP_SEGMENTS; i++) segments.process();
  segments.reset();
  while (segments.cpuMs < 1000 * seconds) segments.process();
  const results = STEPS.map((step) => ({ step, microsPerSpan: segments.microsPerSpan(step) }));
  const rows = results.map(({ step, microsPerSpan }) => [step, microsPerSpan.toFixed(3)]);
  console.log(formatTable([`segments of ${SEGMENT_SPANS} spans`, 'µs CPU/span'], rows));
  console.log(`\nkept in ${keepResult('rollup', { options: { spans, seconds }, results })}`);
}

/** Segments that are filled again and again with requests stamped anew; only the steps are timed. */
class Segments {
  readonly #templates;
  readonly #catalogs = new AttributeCatalogs();
  readonly #sets = new AttributeSets();
  readonly #writer = new NativeWriter();
  /** By step; collecting garbage meanwhile is in it. */
  readonly #cpuMs = new Map<Step, number>();
  #request = 0;
  #spans = 0;

  constructor(spansPerRequest: number) {
    this.#templates = createTemplates(TEMPLATE_PAIRS, spansPerRequest);
  }

  get cpuMs(): number {
    return [...this.#cpuMs.values()].reduce((sum, ms) => sum + ms, 0);
  }

  microsPerSpan(step: Step): number {
    return (1000 * (this.#cpuMs.get(step) ?? 0)) / this.#spans;
  }

  reset(): void {
    this.#cpuMs.clear();
    this.#spans = 0;
  }

  /** Fills a segment and encodes what is counted of it. */
  process(): void {
    const rollup = new SegmentRollup(this.#catalogs);
    const kept = keptPartitions(Date.now(), RETENTION_MS);
    const day = Math.floor(Date.now() / 86_400_000);
    const held = new Set<string>();
    for (let spans = 0; spans < SEGMENT_SPANS;) {
      const block = this.#nextBlock();
      const filing = this.#time('file', () => fileBlock(block, kept));
      const split = this.#time('split attributes', () => this.#sets.split(block, { day, held }));
      const placement = { ...split, filing };
      this.#time('encode spans', () => {
        encodeSpans(this.#writer, block, placement);
        this.#writer.seal(0);
      });
      this.#time('add to rollup', () => rollup.add(block, placement, day));
      spans += block.spanCount;
      this.#spans += block.spanCount;
    }
    this.#sets.markStored(held, { isRepaired: false });
    this.#time('encode rollup', () => {
      for (const table of ROLLUP_TABLES) rollup.encode(this.#writer, table);
    });
  }

  #nextBlock(): SpanBlock {
    const template = this.#templates[this.#request % this.#templates.length];
    if (template === undefined) throw new Error('there is no template');
    template.stamp({ seed: 1, request: this.#request++, nowUnixMs: Date.now() });
    const block = new SpanBlock('default');
    decodeTracesProtobuf(template.bytes, block);
    return block;
  }

  #time<Result>(step: Step, run: () => Result): Result {
    const before = process.cpuUsage();
    const result = run();
    const { user, system } = process.cpuUsage(before);
    this.#cpuMs.set(step, (this.#cpuMs.get(step) ?? 0) + (user + system) / 1000);
    return result;
  }
}
