/** Whatever it is as text; an object that throws at that is empty. */
export function toText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return '';
  }
}
