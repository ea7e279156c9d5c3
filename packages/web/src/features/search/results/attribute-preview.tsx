import type { AttributeJson, FoundSpanJson } from '@clew/api';
import type { ReactNode } from 'react';
import { ShownText } from '../../../ui/shown-text.tsx';
import { orderAttributes } from './order-attributes.ts';

/** As many as could be read in a line. */
const SHOWN_ATTRIBUTES = 6;

/** What sets a span apart from those of its name: why it failed, then attributes. The trace page has all. */
export function AttributePreview({
  span: { attributes, status, statusMessage },
}: {
  readonly span: Pick<FoundSpanJson, 'attributes' | 'status' | 'statusMessage'>;
}): ReactNode {
  return (
    <span className="span-row-attributes">
      {status === 'error' && statusMessage !== '' ? (
        <em>
          <ShownText text={inOneLine(statusMessage)} />
        </em>
      ) : undefined}
      {orderAttributes(attributes, SHOWN_ATTRIBUTES).map(({ key, value }) => (
        <span key={key}>
          <b>
            <ShownText text={key} />
          </b>
          <ShownText text={previewOf(value)} />
        </span>
      ))}
    </span>
  );
}

/** A value may have a megabyte, and the row has a line. */
const SHOWN_CHARACTERS = 120;

function previewOf(value: AttributeJson['value']): string {
  if (value.type === 'empty') return '';
  const shown = typeof value.value === 'string' ? value.value : JSON.stringify(value.value);
  return inOneLine(shown);
}

/** A query of many lines reads as well in one. */
function inOneLine(text: string): string {
  return text
    .slice(0, 4 * SHOWN_CHARACTERS)
    .trim()
    .replaceAll(/[ \t\r\n]+/g, ' ')
    .slice(0, SHOWN_CHARACTERS);
}
