/** More than these are no help to whoever mistyped one. */
const MAX_NEAREST = 3;

/**
 * The names that somebody may have meant who wrote `written`, the likeliest first: the same in other case, those that contain it or are
 * contained, and those that a few keys make of it. None where nothing is near.
 */
export function nearestNames(written: string, names: readonly string[]): readonly string[] {
  const wanted = written.trim().toLowerCase();
  if (wanted === '') return [];
  return names
    .map((name) => ({ name, distance: distanceOf(wanted, name.toLowerCase()) }))
    .filter(({ distance }) => distance < 1)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_NEAREST)
    .map(({ name }) => name);
}

/** From 0 for the same to 1 for what is not near. */
function distanceOf(wanted: string, name: string): number {
  const [shorter, longer] = wanted.length < name.length ? [wanted, name] : [name, wanted];
  if (shorter.length >= 3 && longer.includes(shorter))
    return 0.5 - shorter.length / longer.length / 2;
  // One key in three may be wrong, and two always.
  const allowed = Math.max(2, Math.floor(longer.length / 3));
  if (longer.length - shorter.length > allowed || shorter.length < 2) return 1;
  return Math.min(1, 0.5 + countEdits(wanted, name) / (allowed + 1) / 2);
}

/** Keys that make one text of the other: put in, left out, changed, or two exchanged (optimal string alignment). */
function countEdits(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const next = [row];
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      const isExchanged = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      next.push(
        Math.min(
          at(last, column) + 1,
          at(next, column - 1) + 1,
          at(last, column - 1) + (isSame ? 0 : 1),
          row > 1 && isExchanged ? at(before, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [before, last] = [last, next];
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
