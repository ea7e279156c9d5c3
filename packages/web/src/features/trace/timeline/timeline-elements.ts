/** The elements that the timeline draws into and listens to; React makes them once and leaves their inside alone. */
export interface TimelineElements {
  readonly root: HTMLElement;
  readonly minimap: HTMLCanvasElement;
  readonly minimapStart: HTMLElement;
  readonly minimapEnd: HTMLElement;
  readonly ruler: HTMLCanvasElement;
  readonly scroller: HTMLElement;
  readonly spacer: HTMLElement;
  readonly rows: HTMLElement;
  readonly waterfall: HTMLCanvasElement;
  readonly tooltip: HTMLElement;
}
