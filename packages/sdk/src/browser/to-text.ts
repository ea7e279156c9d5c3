/** Pages without types pass anything; one odd name must not spoil the batch it travels in. */
export function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
