import { expect, test } from 'vitest';
import { chooseMediaType } from './choose-media-type.ts';

const [JSON_TYPE, LINES, BYTES] = [
  'application/json',
  'application/x-ndjson',
  'application/protobuf',
];

test.each([
  [undefined, JSON_TYPE],
  ['', JSON_TYPE],
  ['*/*', JSON_TYPE],
  ['application/*', JSON_TYPE],
  ['text/html', JSON_TYPE],
  [LINES, LINES],
  ['Application/X-NDJSON; charset=utf-8', LINES],
  [`${LINES}, */*;q=0.1`, LINES],
  [`text/html, ${LINES};q=0.5`, LINES],
  [`${JSON_TYPE}, ${LINES}`, LINES],
  [`${BYTES}, ${LINES}`, LINES],
  [`${BYTES}, ${LINES};q=0.9`, BYTES],
  [`${JSON_TYPE}, ${LINES};q=0.5`, JSON_TYPE],
  [`*/*, ${LINES};q=0.5`, JSON_TYPE],
  [`*/*, ${JSON_TYPE};q=0.2, ${LINES};q=0.5`, LINES],
  [`${LINES};q=0`, JSON_TYPE],
  [`${LINES} ; q=0.000, ${BYTES};q=0.001`, BYTES],
  [`${LINES};q=0, ${JSON_TYPE};q=0`, JSON_TYPE],
])('Accept: %s is answered as %s', (header, mediaType) => {
  expect(chooseMediaType(header, JSON_TYPE, [LINES, BYTES])).toBe(mediaType);
});
