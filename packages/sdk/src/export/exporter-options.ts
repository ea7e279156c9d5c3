export type OtlpProtocol = 'http/protobuf' | 'http/json' | 'grpc';

export type HeaderFields = Readonly<Record<string, string>>;

/** Headers as they are, or asked for before each request: a token that changes. */
export type HeaderSource = HeaderFields | (() => HeaderFields | Promise<HeaderFields>);

/** Texts or bytes of PEM, as `node:tls` takes them. */
export interface TlsFiles {
  /** Whom to trust in place of the usual authorities. */
  readonly ca?: string | Buffer | undefined;
  /** What the receiver knows this program by. */
  readonly cert?: string | Buffer | undefined;
  readonly key?: string | Buffer | undefined;
}

export interface ExporterOptions {
  readonly protocol: OtlpProtocol;
  /** Of the traces, path included; gRPC takes its scheme, host and port. */
  readonly url: URL;
  readonly headers: HeaderSource;
  /** For one try to send a request. */
  readonly timeoutMs: number;
  readonly compression: 'none' | 'gzip';
  readonly tls?: TlsFiles | undefined;
}
