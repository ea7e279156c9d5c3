/** Texts of the trace page. */
import { findings } from './findings.ts';

export const trace = {
  findings,
  noName: '(no name)',
  row: {
    times: (start: string, duration: string): string => `starts at ${start}, takes ${duration}`,
    failed: 'failed',
    onPath: (own: string): string => `on the critical path, ${own} of it`,
    evidence: 'shows the finding',
  },
  path: {
    label: 'Critical path',
    only: 'only',
    onlyLabel: 'Only the critical path',
    onlyTitle: 'Hide the spans beside the critical path (C)',
    showTitle: 'Draw the critical path: what kept the trace from ending earlier (c)',
    hideTitle: 'Do not draw the critical path (c)',
  },
  colors: {
    by: 'Colour:',
    names: { service: 'service', name: 'span name', kind: 'kind', status: 'status' },
    legends: {
      service: 'Services',
      name: 'Span names',
      kind: 'Span kinds',
      status: 'Statuses',
    },
    more: (count: number): string => `and ${count} more`,
  },
  details: {
    label: 'Span details',
    width: 'Width of the details',
    zoom: 'Zoom to span',
    zoomTitle: 'Show this span from edge to edge (z)',
    close: 'Close the details',
    closeTitle: 'Close (Esc)',
    loading: 'Loading what the span carries …',
    notLoaded: (reason: string): string => `What the span carries could not be loaded: ${reason}`,
    retry: 'Try again',
  },
} as const;
