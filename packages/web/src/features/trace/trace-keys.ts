import type { KeySection } from '../../ui/keyboard-help.tsx';

/** What the keys of the trace page do, for the sheet. */
export const TRACE_KEYS: KeySection = {
  title: 'Trace',
  keys: [
    { keys: ['1', '2'], does: 'Timeline, flame graph' },
    { keys: ['3', '4'], does: 'Graph, statistics' },
    { keys: ['5', '6', '7'], does: 'Spans, events, JSON' },
    { keys: ['Enter'], does: 'Open the details' },
    { keys: ['e', 'E'], does: 'Next, previous failed span' },
    { keys: ['c', 'C'], does: 'Critical path: show or hide it, hide all else' },
    { keys: ['i'], does: 'What was found in this trace' },
    { keys: ['x', 'X'], does: 'Next, previous span of the finding' },
    { keys: ['f'], does: 'Find in this trace' },
    { keys: ['n', 'N'], does: 'Next, previous that was found' },
  ],
};

export const TIMELINE_KEYS: KeySection = {
  title: 'Timeline',
  keys: [
    { keys: ['↑', '↓'], does: 'Select the span above, below' },
    { keys: ['→', '←'], does: 'Unfold or go in, fold or go out' },
    { keys: ['w', 's'], does: 'Zoom in, out' },
    { keys: ['a', 'd'], does: 'Move earlier, later' },
    { keys: ['0', 'z'], does: 'Show all, show the selected span' },
    { keys: ['[', ']'], does: 'Fold, unfold a level' },
    { keys: ['{', '}'], does: 'Fold, unfold all' },
  ],
};
