/**
 * What drawing uses of a 2D context. A canvas has it; so do the recorder of the tests and the writer of SVG, so that a picture that
 * is saved is drawn by the same code as the one on the screen.
 */
export type DrawContext = Pick<
  CanvasRenderingContext2D,
  | 'arc'
  | 'beginPath'
  | 'clip'
  | 'closePath'
  | 'createLinearGradient'
  | 'fill'
  | 'fillRect'
  | 'fillStyle'
  | 'fillText'
  | 'font'
  | 'globalAlpha'
  | 'lineTo'
  | 'lineWidth'
  | 'measureText'
  | 'moveTo'
  | 'rect'
  | 'restore'
  | 'roundRect'
  | 'save'
  | 'stroke'
  | 'strokeStyle'
  | 'textAlign'
  | 'textBaseline'
  | 'translate'
>;

/** Takes pixels, too: what only a canvas has. */
export type RasterContext = DrawContext & Pick<CanvasRenderingContext2D, 'drawImage'>;
