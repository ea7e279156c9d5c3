import type { ExportRequest } from './export-request.ts';

/** What became of a request. */
export type ExportResult =
  | { readonly status: 'success'; readonly rejectedSpanCount: number; readonly message: string }
  /** It may be sent again, after `afterMs` where the receiver named a time. */
  | { readonly status: 'retry'; readonly afterMs: number | undefined; readonly message: string }
  /** Sending it again cannot help. */
  | { readonly status: 'failure'; readonly message: string };

/** Sends requests somewhere, once; who calls it decides about sending again. Never throws, never rejects. */
export interface SpanExporter {
  /** Where the spans go, for messages. */
  readonly target: string;
  /** The body is not touched any more once this has answered. */
  export(request: ExportRequest, signal: AbortSignal): Promise<ExportResult>;
  close(): void;
}
