import { formatExactCount } from '../base/format.ts';

/** Texts of saving and embedding. */
export const exported = {
  button: 'Export',
  title: 'Save the picture or the trace, or put it into another page',
  picture: 'Picture, as it is shown',
  noPicture: 'This view is no picture; the timeline, the flame graph and the graph are.',
  trace: 'Trace, whole',
  page: 'Other pages',
  png: 'PNG',
  svg: 'SVG',
  forms: {
    json: { name: 'JSON', title: 'As the API of Clew answers' },
    otlpJson: { name: 'OTLP JSON', title: 'As OpenTelemetry sends it: can be imported anywhere' },
    jaegerJson: { name: 'Jaeger JSON', title: "As Jaeger's UI opens it" },
    zipkinJson: { name: 'Zipkin JSON', title: "As Zipkin's UI opens it: version 2" },
  },
  embed: 'Copy embed code',
  embedShort: 'Embed',
  embedTitle: 'An iframe with what is shown. Which pages may embed it is an option of the server:',
  embedOption: '--embed-origins',
  copied: 'Copied',
  notCopied: 'The browser did not let it be copied',
  saving: (bytes: string): string => `Saving … ${bytes}`,
  painting: 'Drawing …',
  cancel: 'Cancel',
  facts: (facts: readonly string[]): string => facts.join(' · '),
  traceId: (id: string): string => `trace ${id}`,
  cut: (first: number, last: number, count: number): string =>
    // A picture does not say more or less which rows it has.
    `Rows ${formatExactCount(first)} to ${formatExactCount(last)} of ${formatExactCount(count)}; the others are not in this picture.`,
  savePng: 'Save as PNG',
  tree: 'Service and span',
  heatmapFailed: (message: string): string => `The picture could not be saved: ${message}`,
} as const;

/** Texts of pages that stand in others. */
export const embedded = {
  open: 'Open in Clew',
} as const;
