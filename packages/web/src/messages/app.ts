/** Texts of the frame around the pages. */
export const app = {
  skip: 'Skip to the content',
  keyboard: 'Keyboard',
  keyboardTitle: 'Keyboard (?)',
  places: 'Places',
  startPage: 'Clew, start page',
  search: 'Search',
  compare: 'Compare',
  api: 'API',
  keys: {
    title: 'Everywhere',
    search: 'Search',
    openTrace: 'Open a trace by its id',
    showKeys: 'Show the keys',
    close: 'Close the nearest thing',
  },
} as const;
