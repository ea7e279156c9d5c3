/** The encodings of Zipkin's HTTP API, each version with its own. */
export type ZipkinEncoding = 'v1 json' | 'v1 thrift' | 'v2 json' | 'v2 protobuf';

/** The versions of Zipkin's HTTP API. */
export type ZipkinVersion = 'v1' | 'v2';

/** What each version takes, by the media type of the `Content-Type` header. */
export const ZIPKIN_CONTENT_TYPES: Readonly<
  Record<ZipkinVersion, ReadonlyMap<string, ZipkinEncoding>>
> = {
  v1: new Map([
    ['application/json', 'v1 json'],
    ['application/x-thrift', 'v1 thrift'],
  ]),
  v2: new Map([
    ['application/json', 'v2 json'],
    ['application/x-protobuf', 'v2 protobuf'],
  ]),
};

/**
 * Which encoding a `Content-Type` header names, whatever its parameters; JSON without a header, as Zipkin has it;
 * `undefined` for a foreign one.
 */
export function parseZipkinContentType(
  version: ZipkinVersion,
  header: string | undefined,
): ZipkinEncoding | undefined {
  const mediaType = header?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return ZIPKIN_CONTENT_TYPES[version].get(mediaType === '' ? 'application/json' : mediaType);
}
