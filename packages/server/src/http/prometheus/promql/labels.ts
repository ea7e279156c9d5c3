/** What tells series apart, by name; no label is empty. */
export type Labels = ReadonlyMap<string, string>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

export const METRIC_NAME = '__name__';

/** Equal for equal labels. */
export function labelsKey(labels: Labels): string {
  return JSON.stringify([...labels].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function pickLabels(labels: Labels, names: readonly string[]): Labels {
  const picked = new Map<string, string>();
  for (const name of names) {
    const value = labels.get(name);
    if (value !== undefined) picked.set(name, value);
  }
  return picked;
}

export function dropLabels(labels: Labels, names: readonly string[]): Labels {
  const left = new Map(labels);
  for (const name of names) left.delete(name);
  return left;
}

export interface LabelGroup {
  readonly key: string;
  readonly labels: Labels;
}

/** Says to which group labels belong, once for each: the same come again at every step. */
export class LabelGrouper {
  readonly #groups = new WeakMap<Labels, LabelGroup>();
  readonly #byKey = new Map<string, LabelGroup>();
  readonly #reduce: (labels: Labels) => Labels;

  constructor(reduce: (labels: Labels) => Labels) {
    this.#reduce = reduce;
  }

  groupOf(labels: Labels): LabelGroup {
    let group = this.#groups.get(labels);
    if (group === undefined) {
      const reduced = this.#reduce(labels);
      const key = labelsKey(reduced);
      // Equal groups share their labels, so that whoever groups them on has seen them before, too.
      group = this.#byKey.get(key) ?? { key, labels: reduced };
      this.#byKey.set(key, group);
      this.#groups.set(labels, group);
    }
    return group;
  }
}
