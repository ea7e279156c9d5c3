/** Texts of the trace page. */
export const trace = {
  noName: '(no name)',
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
