/** Texts of the trace page. */
export const trace = {
  noName: '(no name)',
  find: {
    placeholder: 'Find in trace',
    label: 'Find in this trace',
    title: 'Words in names, services, attributes; or TraceQL, such as { status = error } (f)',
    previous: 'Previous',
    next: 'Next',
    none: 'none',
    more: ' …',
    rank: (rank: string, total: string): string => `${rank} of ${total}`,
    failed: (reason: string): string => `Attributes were not searched: ${reason}`,
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
