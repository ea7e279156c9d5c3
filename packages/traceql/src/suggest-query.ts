/**
 * What somebody probably meant who wrote something that is no query: `foo = 1` for `.foo`, `service.name` for
 * `resource.service.name`, `and` for `&&`, `eror` for `error`, a value without quotes. Each mistake has its mending, tried where the parser stopped; a
 * suggestion is only ever a whole query that can be read and makes sense, so a wrong guess is dropped and never shown.
 */
import { QuerySyntaxError, SPAN_KINDS, SPAN_STATUSES, nearestNames } from '@clew/model';
import { checkQuery } from './check-query.ts';
import { findIntrinsic } from './intrinsics.ts';
import { tokenize } from './lexer.ts';
import { METRICS_WORDS } from './parse-metrics.ts';
import { STAGE_WORDS } from './parse-pipeline.ts';
import { parseQuery } from './parse-query.ts';
import { formatQuoted } from './quoted-text.ts';

/** Nobody types longer ones, and each guess is parsed from the start. */
const MAX_LENGTH = 2000;
/** Mistakes that are mended one behind the other. */
const MAX_MENDED = 8;
/** What may stand before a parenthesis. */
const FUNCTIONS: readonly string[] = [...STAGE_WORDS, ...METRICS_WORDS, 'topk', 'bottomk'];
/** Guesses that are parsed, for all mistakes together. */
const MAX_GUESSES = 60;

/** A query near the text, which is none; undefined where there is no guess, and for a text that is a query already. */
export function suggestQuery(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  if (problemOf(text) === undefined) return undefined;
  const start = BEGINS_CONDITION.test(text) ? `{ ${text.trim()} }` : text;
  return mend(start, MAX_MENDED, { guesses: MAX_GUESSES }) ?? queryOfWord(text.trim());
}

/** One word alone is what other systems search for: the name of a service, an attribute, or a trace by its id. */
function queryOfWord(word: string): string | undefined {
  if (/^[\da-f]{32}$/i.test(word)) return `{ trace:id = "${word.toLowerCase()}" }`;
  if (!/^[A-Za-z_][\w./-]*\w$/.test(word) || findIntrinsic(word) !== undefined) return undefined;
  const isKey = /^[a-z_]\w*(?:\.\w+)+$/i.test(word);
  const [field] = isKey ? fieldsFor(word) : [];
  const query =
    field === undefined
      ? `{ resource.service.name = ${formatQuoted(word)} }`
      : `{ ${field} != nil }`;
  return problemOf(query) === undefined ? query : undefined;
}

/** No query does; it has braces around it, or parentheses. */
const BEGINS_CONDITION = /^\s*(?:[A-Za-z_!"]|\.[A-Za-z_])/;

/**
 * The first way to mend all that is wrong: each guess has to get the parser on, or at least no less far. What is no token is
 * found before all else, wherever it stands.
 */
function mend(text: string, depth: number, budget: { guesses: number }): string | undefined {
  const problem = problemOf(text);
  if (problem === undefined) return text;
  if (depth === 0) return undefined;
  const place: Place = {
    before: text.slice(0, problem.position),
    rest: text.slice(problem.position),
    expected: problem.expected,
  };
  for (const guess of MENDINGS.flatMap((mending) => mending(place))) {
    if (budget.guesses-- <= 0) return undefined;
    const next = problemOf(guess);
    const isFurther =
      next === undefined ||
      (problem.isOfToken && !next.isOfToken) ||
      guess.length - next.position <= place.rest.length;
    if (!isFurther) continue;
    const mended = mend(guess, depth - 1, budget);
    if (mended !== undefined) return mended;
  }
  return undefined;
}

interface Problem {
  readonly position: number;
  readonly expected: string | undefined;
  readonly isOfToken: boolean;
}

function problemOf(text: string): Problem | undefined {
  let isOfToken = true;
  try {
    tokenize(text);
    isOfToken = false;
    checkQuery(parseQuery(text), text);
    return undefined;
  } catch (error) {
    if (!(error instanceof QuerySyntaxError)) throw error;
    return { position: error.position, expected: error.expected, isOfToken };
  }
}

/** Where the parser stopped. */
interface Place {
  readonly before: string;
  readonly rest: string;
  readonly expected: string | undefined;
}

/** Texts that have one mistake less, the likeliest first. */
type Mending = (place: Place) => readonly string[];

const COMPARISON = /[=!<>]=?~?\s*$/;

/** `AND`, `or`, `not`, a single `&` or `|`, and a comma between conditions. */
const mendWord: Mending = ({ before, rest }) => {
  const [word = ''] = /^(?:and|or|not)\b|^[&|,](?![&|])/i.exec(rest) ?? [];
  const operator = OPERATORS[word.toLowerCase()];
  if (operator === undefined) return [];
  const gap = word === ',' ? ' ' : '';
  return [before + gap + operator + rest.slice(word.length)];
};

const OPERATORS: Readonly<Record<string, string>> = {
  and: '&&',
  '&': '&&',
  ',': '&&',
  or: '||',
  '|': '||',
  not: '!',
};

/** `==`, `===`, `<>` and `=>`, of which the parser has read the first sign. */
const mendComparison: Mending = ({ before, rest }) => {
  const equals = /^=+/.exec(rest)?.[0].length ?? 0;
  if (equals > 0 && before.endsWith('=')) return [before + rest.slice(equals)];
  if (!rest.startsWith('>')) return [];
  if (before.endsWith('<')) return [`${before.slice(0, -1)}!=${rest.slice(1)}`];
  return before.endsWith('=') ? [`${before.slice(0, -1)}>=${rest.slice(1)}`] : [];
};

/** `'text'` and `“text”`. */
const mendQuotes: Mending = ({ before, rest }) => {
  const match = /^'((?:[^'\\]|\\.)*)'|^[“”„]([^“”]*)[“”]/.exec(rest);
  if (match === null) return [];
  const value = match[1]?.replaceAll(/\\(.)/g, '$1') ?? match[2] ?? '';
  return [before + formatQuoted(value) + rest.slice(match[0].length)];
};

/** A text without its closing quote, which then ends where the filter does, or the query. */
const mendOpenQuote: Mending = ({ before, rest, expected }) => {
  if (expected !== '"' && expected !== '`') return [];
  const end = /\s*\}?\s*$/.exec(rest)?.index ?? rest.length;
  return [before + rest.slice(0, end) + expected + rest.slice(end)];
};

/** `5 ms`, `1 sec`, `10min`. */
const mendUnit: Mending = ({ before, rest }) => {
  const [word = ''] = /^[a-zµμ]+/i.exec(rest) ?? [];
  const unit = UNITS.find(([pattern]) => pattern.test(word))?.[1];
  if (unit === undefined || !/\d\s*$/.test(before)) return [];
  return [before.trimEnd() + unit + rest.slice(word.length)];
};

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^(?:ns|nanos?(?:econds?)?)$/i, 'ns'],
  [/^(?:us|µs|μs|micros?(?:econds?)?)$/i, 'us'],
  [/^(?:ms|msecs?|millis?(?:econds?)?)$/i, 'ms'],
  [/^(?:s|secs?|seconds?)$/i, 's'],
  [/^(?:m|mins?|minutes?)$/i, 'm'],
  [/^(?:h|hrs?|hours?)$/i, 'h'],
];

/** `status = ERROR`, `kind = SPAN_KIND_SERVER`, `status = eror`. */
const mendNamedValue: Mending = ({ before, rest }) => {
  const field = OF_NAMED_VALUES.exec(before)?.[1];
  if (field === undefined) return [];
  const [written = '', name = ''] = /^(?:STATUS_CODE_|SPAN_KIND_)?([a-z]+)\b/i.exec(rest) ?? [];
  const values = field.toLowerCase() === 'status' ? SPAN_STATUSES : SPAN_KINDS;
  return nearestNames(name, values).map((value) => before + value + rest.slice(written.length));
};

/** Behind these a text is never right. */
const OF_NAMED_VALUES = /(?:^|[\s{(&|!])(?:span:)?(status|kind)\s*[=!<>]=?\s*$/i;

/** `| cout() > 3`, `| RATE()`: the function of the nearest name. */
const mendFunction: Mending = ({ before, rest }) => {
  const start = `${before}${/^\|\s*/.exec(rest)?.[0] ?? ''}`;
  const ahead = rest.slice(start.length - before.length);
  const [name] = /^[a-z_]+(?=\s*\()/i.exec(ahead) ?? [];
  if (name === undefined || !/\|\s*$|[-+*/%^(<>=]\s*$/.test(start)) return [];
  return nearestNames(name, FUNCTIONS).map((each) => start + each + ahead.slice(name.length));
};

/** `.a = 1 && }`, `{ || .a = 1 }`, `{ } |`: an operator with nothing on one side. */
const mendDangling: Mending = ({ before, rest }) => {
  const end = /^\s*(?:[})]|$)/.test(rest) ? /\s*(?:&&|\|\|?)\s*$/.exec(before) : null;
  if (end !== null) return [`${before.slice(0, end.index)}${rest === '' ? '' : ' '}${rest}`];
  const [operator] = /^(?:&&|\|\|)\s*/.exec(rest) ?? [];
  return operator !== undefined && /[{(]\s*$/.test(before)
    ? [before + rest.slice(operator.length)]
    : [];
};

/** A value that is neither a number nor in quotes: a word, a path, an address, several words. */
const mendValue: Mending = ({ before, rest }) => {
  const glued = /[^\s{}()&|"'`=!<>~,]*$/.exec(before)?.[0] ?? '';
  const start = before.slice(0, before.length - glued.length);
  if (!COMPARISON.test(start) || OF_NAMED_VALUES.test(start)) return [];
  const value = glued + rest;
  const lengths = [/^[^\s{}()&|"'`,]+/, /^[^{}()&|"'`,]+/].map(
    (pattern) => pattern.exec(value)?.[0].trimEnd().length ?? 0,
  );
  return lengths
    .filter((length, at) => length > glued.length && lengths.indexOf(length) === at)
    .map((length) => start + formatQuoted(value.slice(0, length)) + value.slice(length));
};

/** A name without its scope, or by another system's word for it. */
const mendName: Mending = ({ before, rest }) => {
  const [name = ''] = /^[A-Za-z_][\w./-]*(?::[\w./-]+)?/.exec(rest) ?? [];
  const behind = rest.slice(name.length);
  if (name === '' || COMPARISON.test(before)) return [];
  const [key = '', value] = name.split(/:(.*)/s);
  if (value !== undefined) return [`${before}${key} = ${value}${behind}`];
  if (!/^\s*[=!<>,)]/.test(behind)) return [];
  return fieldsFor(name).map((field) => before + field + behind);
};

/** What describes whoever sends spans is an attribute of the resource. */
const OF_RESOURCE =
  /^(?:service|k8s|host|deployment|telemetry|process|container|cloud|os|faas|webengine)\./;
const FOREIGN_PREFIX = /^(?:attributes?|attr|tags?|labels?)\./i;
const FOREIGN_NAMES: Readonly<Record<string, string>> = {
  service: 'resource.service.name',
  servicename: 'resource.service.name',
  operation: 'name',
  operationname: 'name',
  spanname: 'name',
  span: 'name',
  traceid: 'trace:id',
  trace_id: 'trace:id',
  spanid: 'span:id',
  span_id: 'span:id',
};

function fieldsFor(name: string): readonly string[] {
  const lower = name.toLowerCase();
  if (findIntrinsic(name) !== undefined) return [];
  if (findIntrinsic(lower) !== undefined) return [lower];
  if (Object.hasOwn(FOREIGN_NAMES, lower)) return [FOREIGN_NAMES[lower] ?? ''];
  if (OF_RESOURCE.test(name)) return [`resource.${name}`];
  return [`.${name.replace(FOREIGN_PREFIX, '')}`];
}

/** Conditions with nothing between them. */
const mendMissingAnd: Mending = ({ before, rest }) =>
  /[^\s{(&|!]\s+$/.test(before) && /^[.A-Za-z_(!]/.test(rest) ? [`${before}&& ${rest}`] : [];

/** What was never closed. */
const mendEnd: Mending = ({ before, rest }) =>
  rest === '' ? [`${before.trimEnd()} }`, `${before.trimEnd()})`] : [];

const MENDINGS: readonly Mending[] = [
  mendWord,
  mendComparison,
  mendQuotes,
  mendOpenQuote,
  mendUnit,
  mendNamedValue,
  mendDangling,
  mendFunction,
  mendValue,
  mendName,
  mendMissingAnd,
  mendEnd,
];
