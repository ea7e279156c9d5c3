import { describeError } from './describe-error.ts';
import type { ExportRequest } from './export-request.ts';
import type { ExportResult, SpanExporter } from './span-exporter.ts';

/** An exporter whose code is loaded with its first request, because few programs need it. */
export class LazyExporter implements SpanExporter {
  readonly target: string;
  readonly #load: () => Promise<SpanExporter>;
  #exporter: Promise<SpanExporter> | undefined;

  constructor(target: string, load: () => Promise<SpanExporter>) {
    this.target = target;
    this.#load = load;
  }

  async export(request: ExportRequest, signal: AbortSignal): Promise<ExportResult> {
    let exporter: SpanExporter;
    try {
      exporter = await (this.#exporter ??= this.#load());
    } catch (cause) {
      return { status: 'failure', message: `cannot be loaded: ${describeError(cause)}` };
    }
    return exporter.export(request, signal);
  }

  close(): void {
    this.#exporter?.then(
      (exporter) => exporter.close(),
      () => undefined,
    );
  }
}
