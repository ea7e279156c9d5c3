/** Where Clew's receivers listen, as a sender writes it. */
export interface OtlpAddresses {
  /** For OTLP over HTTP, without a path. */
  readonly http: string;
  /** For OTLP over gRPC. */
  readonly grpc: string;
}

/**
 * The addresses as seen from this browser: the host the page came from, and the ports that the server wrote into the page.
 */
export function readOtlpAddresses(page: Document): OtlpAddresses {
  const host = page.location.hostname;
  const port = (name: string, usual: string) =>
    page.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content || usual;
  return {
    http: `http://${host}:${port('clew-otlp-http-port', '4318')}`,
    grpc: `http://${host}:${port('clew-otlp-grpc-port', '4317')}`,
  };
}
