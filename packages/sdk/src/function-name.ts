/** What a span is called after a function: its name, without what `bind` puts in front; `anonymous` when it has none. */
export function nameOf(fn: { readonly name: string }): string {
  const name = typeof fn.name === 'string' ? fn.name.replace(/^(?:bound )+/, '') : '';
  return name === '' ? 'anonymous' : name;
}
