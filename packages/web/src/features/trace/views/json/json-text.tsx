import { useEffect, useLayoutEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { visibleJson } from '../../../../base/visible-text.ts';
import { messages } from '../../../../messages/messages.ts';
import { focusUnlessTab } from '../../../../ui/focus-unless-tab.ts';
import { useScrollRestoring } from '../../../../ui/scroll-memory.ts';
import type { ScrollMemory } from '../../../../ui/scroll-memory.ts';
import { useRowWindow } from '../../../../ui/use-row-window.ts';
import { lineOf } from './write-json.ts';
import type { JsonLines } from './write-json.ts';

const LINE_PX = 18;
/** A value of a megabyte is cut on the screen; what is copied or saved has all of it. */
const MAX_SHOWN = 2_000;

/** Lines of JSON, of which those in sight exist. */
export function JsonText({
  lines,
  memory,
}: {
  readonly lines: JsonLines;
  readonly memory: ScrollMemory;
}): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const { first, end, scrollTo } = useRowWindow({
    scroller,
    rowCount: lines.lineStarts.length,
    rowHeightPx: LINE_PX,
    headHeightPx: 0,
    memory,
  });
  useScrollRestoring(memory, { isReady: true, scrollTo, begin: () => undefined });
  useEffect(() => focusUnlessTab(scroller.current), []);
  useLayoutEffect(() => {
    const characters = Math.min(lines.longest, MAX_SHOWN) + 12;
    scroller.current?.style.setProperty('--line-width', `${characters}ch`);
  }, [lines]);
  const shown = Array.from({ length: end - first }, (_, at) => first + at);
  return (
    <div
      ref={scroller}
      className="json-text"
      role="document"
      aria-label={messages.trace.json.label}
      tabIndex={0}
    >
      <div className="json-spacer">
        <div className="json-window">
          <div className="json-rows">
            {shown.map((line) => (
              <JsonLine key={line} number={line + 1} text={lineOf(lines, line)} />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

function JsonLine({ number, text }: { readonly number: number; readonly text: string }): ReactNode {
  const [, indent = '', key, rest = ''] = /^(\s*)("(?:[^"\\]|\\.)*": )?(.*)$/s.exec(
    visibleJson(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text),
  ) ?? [undefined, '', undefined, text];
  return (
    <div className="json-line">
      <span className="json-number" aria-hidden="true">
        {number}
      </span>
      {indent}
      {key === undefined ? undefined : <span className="json-key">{key}</span>}
      {rest}
    </div>
  );
}
