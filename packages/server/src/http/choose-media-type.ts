import { parseAccept } from 'hono/utils/accept';

/**
 * The one of some media types that an `Accept` header prefers (RFC 9110, section 12.5.1). `usual` is what everybody gets: it is chosen
 * where the header is missing or takes nothing that there is. Others have to be named, a `*` does not mean them; of those that are
 * liked as much as the usual one the first is chosen.
 */
export function chooseMediaType(
  header: string | undefined,
  usual: string,
  others: readonly string[],
): string {
  const accepted = parseAccept(header ?? '').map(({ type, q }) => ({
    type: type.toLowerCase(),
    q,
  }));
  const qualityOf = (names: readonly string[]): number =>
    names
      .map((name) => accepted.find(({ type }) => type === name)?.q)
      .find((quality) => quality !== undefined) ?? 0;
  const [group = ''] = usual.split('/', 1);
  let chosen = { mediaType: usual, quality: qualityOf([usual, `${group}/*`, '*/*']) };
  for (const mediaType of others.toReversed()) {
    const quality = qualityOf([mediaType]);
    if (quality > 0 && quality >= chosen.quality) chosen = { mediaType, quality };
  }
  return chosen.mediaType;
}
