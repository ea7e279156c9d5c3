/** The web globals this package uses; it has neither Node's types nor the DOM's. */
interface AbortSignal {
  readonly aborted: boolean;
}

interface ReadableStream {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(): Promise<void>;
  };
}

interface FetchResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly body: ReadableStream | null;
  json(): Promise<unknown>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

declare function fetch(
  url: string,
  init?: {
    readonly method?: string;
    readonly headers?: Record<string, string>;
    readonly signal?: AbortSignal | null;
  },
): Promise<FetchResponse>;

declare class URLSearchParams {
  append(name: string, value: string): void;
  toString(): string;
}

declare class TextDecoder {
  decode(bytes: Uint8Array | undefined, options?: { readonly stream?: boolean }): string;
}

/** Bytes, each a character, as base64. */
declare function btoa(bytes: string): string;
