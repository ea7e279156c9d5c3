import { formatCount, formatCounted } from '../base/format.ts';

/** Texts of what a span carries. */
export const spanDetails = {
  tabs: {
    label: 'Of this span',
    attributes: 'Attributes',
    events: 'Events',
    links: 'Links',
    resource: 'Resource',
  },
  failed: 'This span failed',
  kind: 'Kind',
  status: 'Status',
  spanId: 'Span id',
  copySpanId: 'Copy the span id',
  traceId: 'Trace id',
  traceState: 'Trace state',
  parent: 'Parent',
  notHere: 'is not here',
  start: 'Start',
  at: (clock: string): string => `at ${clock}`,
  duration: 'Duration',
  ofTrace: (share: string): string => `${share} of the trace`,
  self: 'Self time',
  ofSpan: (share: string): string => `${share} of the span`,
  scope: 'Scope',
  schema: (url: string): string => `Schema ${url}`,
  noAttributes: 'No attributes.',
  noEvents: 'No events.',
  beforeSpan: 'Before the span began: drawn at its edge.',
  afterSpan: 'After the span ended: drawn at its edge.',
  circle: 'is below this span, in a circle: cut here',
  sinceStart: 'Since the start of the span',
  dropped: (count: number, noun: 'attribute' | 'event' | 'link'): string =>
    `${formatCounted(count, noun)} ${count === 1 ? 'was' : 'were'} dropped before reaching the store.`,
  copyValue: (key: string): string => `Copy the value of ${key}`,
  showAll: (length: number): string => `Show all ${formatCount(length)} characters`,
} as const;
