import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { visibleLines } from '../../../base/visible-text.ts';
import { messages } from '../../../messages/messages.ts';
import { divideStack } from '../../../trace/stack-frames.ts';
import type { StackPart } from '../../../trace/stack-frames.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';

/** Fewer lines than this are no longer than what would stand for them. */
const MIN_FOLDED = 2;

/** A stack in which the frames of libraries and of the runtime are folded away. */
export function StackTrace({ text }: { readonly text: string }): ReactNode {
  const parts = useMemo(() => placeParts(divideStack(text)), [text]);
  const isAllForeign = parts.every(({ part }) => part.kind !== 'own');
  return (
    <div className="event-stack">
      <div
        className="event-stack-lines"
        tabIndex={0}
        role="group"
        aria-label={messages.trace.stack.label}
      >
        {parts.map(({ part, line }) => (
          <Part key={line} part={part} isOpen={isAllForeign} />
        ))}
      </div>
      <CopyButton text={text} label={messages.trace.stack.copy} />
    </div>
  );
}

function Part({
  part: { kind, lines },
  isOpen,
}: {
  readonly part: StackPart;
  readonly isOpen: boolean;
}): ReactNode {
  const text = <Lines kind={kind} lines={lines} />;
  if (kind !== 'foreign' || lines.length < MIN_FOLDED) return text;
  return (
    <details open={isOpen}>
      <summary>{messages.trace.stack.foreign(lines.length)}</summary>
      {text}
    </details>
  );
}

/** Each line an element, so that one that wraps can be told from the next: a long path ends with the file and its line. */
function Lines({ kind, lines }: StackPart): ReactNode {
  return (
    <pre data-kind={kind}>
      {visibleLines(lines.join('\n'))
        .split('\n')
        .map((line, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- Lines have nothing but their order.
          <span key={at}>{`${line}\n`}</span>
        ))}
    </pre>
  );
}

/** Each part with the number of its first line. */
function placeParts(
  parts: readonly StackPart[],
): readonly { readonly part: StackPart; readonly line: number }[] {
  let line = 0;
  return parts.map((part) => {
    const placed = { part, line };
    line += part.lines.length;
    return placed;
  });
}
