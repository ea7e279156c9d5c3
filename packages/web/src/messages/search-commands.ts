/** What one can do on the search page. */
export const searchCommands = {
  title: 'Search',
  ask: 'Ask for something else',
  again: 'Search again, from now',
  zoomOut: 'Search twice as long a time',
  history: 'Recent and saved searches',
  show: (what: string): string => `Show: ${what}`,
  order: (order: string): string => `Order: ${order}`,
  asTable: 'Picture as a table',
  asHeatmap: 'Picture as a heatmap',
  picture: 'In the picture: go to a cell; with Shift, draw a box; Enter narrows to it',
  pause: 'Pause the live tail, and go on',
  list: {
    title: 'List',
    next: 'Next row',
    previous: 'Previous row',
    below: 'Row below',
    above: 'Row above',
    first: 'First row',
    last: 'Last row',
    open: 'Open the row',
  },
};
