/** The media types under which senders post thrift; all mean the binary protocol. */
export const JAEGER_THRIFT_CONTENT_TYPES: readonly string[] = [
  'application/x-thrift',
  'application/vnd.apache.thrift.binary',
];

/** Whether a `Content-Type` header names thrift's binary protocol, whatever its parameters. */
export function isJaegerThriftContentType(header: string): boolean {
  const mediaType = header.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return JAEGER_THRIFT_CONTENT_TYPES.includes(mediaType);
}
