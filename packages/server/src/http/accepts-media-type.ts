/** Whether an `Accept` header names a media type itself; `*` alone gets what everybody gets. */
export function acceptsMediaType(header: string | undefined, mediaType: string): boolean {
  return (header ?? '').split(',').some((item) => item.split(';', 1)[0]?.trim() === mediaType);
}
