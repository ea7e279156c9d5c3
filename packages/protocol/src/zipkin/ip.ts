/**
 * Formats an IP address of 4 or 16 bytes, the long ones as RFC 5952 has them: lower case, no leading zeros, the longest
 * run of at least two zero groups as `::`. `undefined` for any other number of bytes.
 */
export function formatIp(bytes: Uint8Array): string | undefined {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return undefined;
  const groups: number[] = [];
  for (let at = 0; at < 16; at += 2) groups.push(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
  const zeros = findLongestZeros(groups);
  const format = (part: readonly number[]): string =>
    part.map((group) => group.toString(16)).join(':');
  if (zeros.length < 2) return format(groups);
  return `${format(groups.slice(0, zeros.start))}::${format(groups.slice(zeros.start + zeros.length))}`;
}

function findLongestZeros(groups: readonly number[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 };
  let start = 0;
  for (const [at, group] of groups.entries()) {
    if (group !== 0) start = at + 1;
    else if (at + 1 - start > longest.length) longest = { start, length: at + 1 - start };
  }
  return longest;
}
