/** Where a value stands in a JSON text, to be named in an error: parsing forgets it, and scanning again costs only those who err. */

const BLANK = /[ \t\n\r]*/y;
const BARE = /[^,\]}\s]*/y;

/**
 * The index in `text`, which is JSON, of the value that `path` leads to by names of fields and numbers of elements; of the
 * innermost one on the way that is there.
 */
export function findJsonValue(text: string, path: readonly (string | number)[]): number {
  let at = skipBlank(text, 0);
  for (const step of path) {
    const next = typeof step === 'number' ? findElement(text, at, step) : findField(text, at, step);
    if (next === undefined) return at;
    at = next;
  }
  return at;
}

function findElement(text: string, list: number, index: number): number | undefined {
  if (text[list] !== '[') return undefined;
  let at = skipBlank(text, list + 1);
  for (let i = 0; text[at] !== ']' && at < text.length; i++) {
    if (i === index) return at;
    at = skipSeparator(text, skipValue(text, at));
  }
  return undefined;
}

/** Of a field that is given twice the last counts, as it does in parsing. */
function findField(text: string, object: number, name: string): number | undefined {
  if (text[object] !== '{') return undefined;
  let found: number | undefined;
  let at = skipBlank(text, object + 1);
  while (text[at] === '"') {
    const end = findStringEnd(text, at);
    const value = skipBlank(text, skipBlank(text, end) + 1); // Behind the colon.
    if (JSON.parse(text.slice(at, end)) === name) found = value;
    at = skipSeparator(text, skipValue(text, value));
  }
  return found;
}

/** Behind a comma, if there is one. */
function skipSeparator(text: string, from: number): number {
  const at = skipBlank(text, from);
  return text[at] === ',' ? skipBlank(text, at + 1) : at;
}

/** Behind the value that begins at `from`. */
function skipValue(text: string, from: number): number {
  let depth = 0;
  let at = from;
  do {
    const first = text[at];
    if (first === '"') at = findStringEnd(text, at);
    else if (first === '{' || first === '[') {
      depth++;
      at++;
    } else if (first === '}' || first === ']') {
      depth--;
      at++;
    } else if (first === ',' || first === ':') at++;
    else at = skip(BARE, text, at);
    if (depth > 0) at = skipBlank(text, at);
  } while (depth > 0 && at < text.length);
  return at;
}

function skipBlank(text: string, at: number): number {
  return skip(BLANK, text, at);
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

/** Behind the quote that ends the string that `open` begins. */
export function findStringEnd(text: string, open: number): number {
  for (let quote = text.indexOf('"', open + 1); quote !== -1;) {
    let at = quote;
    while (text.charCodeAt(at - 1) === 0x5c) at--;
    if ((quote - at) % 2 === 0) return quote + 1;
    quote = text.indexOf('"', quote + 1);
  }
  return text.length;
}
