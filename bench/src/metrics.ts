/** Reads one of Clew's own metrics, without labels, from its `/metrics`. */
export async function readMetric(url: string, name: string): Promise<number> {
  const response = await fetch(url);
  const text = await response.text();
  const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`there is no metric ${name} at ${url}`);
  return Number(value);
}
