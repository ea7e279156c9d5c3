/** The encodings of OTLP/HTTP. */
export type OtlpEncoding = 'protobuf' | 'json';

/** The `Content-Type` of requests and answers in each encoding. */
export const OTLP_CONTENT_TYPES: Readonly<Record<OtlpEncoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** Which encoding a `Content-Type` header names, whatever its parameters; `undefined` for a foreign one. */
export function parseOtlpContentType(header: string): OtlpEncoding | undefined {
  const mediaType = header.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === OTLP_CONTENT_TYPES.protobuf) return 'protobuf';
  return mediaType === OTLP_CONTENT_TYPES.json ? 'json' : undefined;
}
