/** Where Clew's receivers listen, as a sender writes it; `undefined` for one that is switched off. */
export interface OtlpAddresses {
  /** For OTLP over HTTP, without a path. */
  readonly http: string | undefined;
  /** For OTLP over gRPC. */
  readonly grpc: string | undefined;
}

/**
 * The addresses as seen from this browser: the host the page came from, and the ports that the server wrote into the page
 * (nothing, for a receiver that does not listen).
 */
export function readOtlpAddresses(page: Document): OtlpAddresses {
  const { hostname } = page.location;
  const addressOf = (name: string) => {
    const port = page.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? '';
    return port === '' ? undefined : `http://${hostname}:${port}`;
  };
  return { http: addressOf('clew-otlp-http-port'), grpc: addressOf('clew-otlp-grpc-port') };
}
