/** Ended spans on their way out, in the form in which OTLP sends them. */
export interface ExportRequest {
  readonly spanCount: number;
  /**
   * An `ExportTraceServiceRequest` in protobuf (opentelemetry/proto/collector/trace/v1/trace_service.proto). The bytes are used
   * again once the exporter has answered: what outlives that copies them.
   */
  readonly body: Uint8Array;
}
