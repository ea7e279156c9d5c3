export interface ComboboxOption {
  readonly value: string;
  /** Said beside the value: a span's kind. */
  readonly note?: string | undefined;
  /** Of the service the value names (`base/service-color.ts`). */
  readonly serviceColor?: number | undefined;
}

/** More than this makes no list a person reads; the rest is reached by typing. */
const MAX_SHOWN = 100;

export interface MatchingOptions {
  readonly shown: readonly ComboboxOption[];
  /** How many more match. */
  readonly leftOut: number;
}

/** The options whose value contains all words of the text, those that begin with it first. */
export function matchOptions(options: readonly ComboboxOption[], text: string): MatchingOptions {
  const wanted = text.trim().toLowerCase();
  const words = wanted.split(/\s+/);
  const matching = options.filter(({ value }) => {
    const candidate = value.toLowerCase();
    return words.every((word) => candidate.includes(word));
  });
  const isFirst = ({ value }: ComboboxOption) => value.toLowerCase().startsWith(wanted);
  const ordered = [...matching.filter(isFirst), ...matching.filter((one) => !isFirst(one))];
  return { shown: ordered.slice(0, MAX_SHOWN), leftOut: Math.max(0, ordered.length - MAX_SHOWN) };
}
