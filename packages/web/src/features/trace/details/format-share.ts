/** A part of a whole in percent: `< 0.1 %`, `3.4 %`, `47 %`. */
export function formatShare(part: number, whole: number): string {
  const percent = whole > 0 ? (part / whole) * 100 : 100;
  if (percent > 0 && percent < 0.1) return '< 0.1\u00a0%';
  return `${percent < 10 ? percent.toFixed(1) : percent.toFixed(0)}\u00a0%`;
}
