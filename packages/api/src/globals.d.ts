/** The web globals this package uses; it has neither Node's types nor the DOM's. */
interface AbortSignal {
  readonly aborted: boolean;
}

interface FetchResponse {
  readonly ok: boolean;
  readonly status: number;
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
  decode(input: Uint8Array): string;
}
