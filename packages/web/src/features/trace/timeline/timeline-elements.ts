/** The elements that the timeline draws into and listens to; React makes them once and leaves their inside alone. */
export interface TimelineElements {
  readonly root: HTMLElement;
  readonly minimap: HTMLCanvasElement;
  readonly minimapStart: HTMLElement;
  readonly minimapEnd: HTMLElement;
  readonly ruler: HTMLCanvasElement;
  readonly scroller: HTMLElement;
  readonly spacer: HTMLElement;
  /** Says at which depth the tree begins, where that is not its root. */
  readonly depth: HTMLElement;
  /** The column of the tree: its picture, and over it the rows that are read. */
  readonly tree: HTMLElement;
  readonly treePicture: HTMLCanvasElement;
  readonly rows: HTMLElement;
  readonly waterfall: HTMLCanvasElement;
  readonly tooltip: HTMLElement;
}
