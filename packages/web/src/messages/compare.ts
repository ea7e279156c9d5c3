import { formatCount, formatCounted } from '../base/format.ts';

/** Of the traces, in words; how many times as long as A B took, where it is worth saying. */
export interface Durations {
  readonly a: string;
  readonly b: string;
  readonly times: string | undefined;
}

/** Texts of the comparison of two traces, loaded with its page. They are A and B everywhere: A is what B is compared with. */
export const comparePage = {
  title: 'Compare',
  titleOf: (name: string): string => `Compare: ${name}`,
  names: { a: 'A', b: 'B' },
  noName: '(no name)',
  loading: 'Loading the traces',
  comparing: 'Comparing …',
  failed: (reason: string): string => `The traces could not be compared: ${reason}`,
  sides: {
    label: 'The traces that are compared',
    open: 'Open',
    openLabel: (side: string): string => `Open trace ${side}`,
    change: 'Change',
    changeLabel: (side: string): string => `Choose another trace ${side}`,
    swap: 'Swap',
    swapTitle: 'Let A and B change places (x)',
    ofFile: 'from a file',
    noneFailed: 'none failed',
    failed: (count: number, total: number): string =>
      `${formatCount(count)} of ${formatCount(total)} failed`,
    ofRoot: (duration: string): string => `root span ${duration}`,
    ofRootTitle: 'The trace goes on after its root span has ended',
  },
  headline: {
    label: 'What differs',
    alike: (a: string, b: string): string => `A and B took about as long: ${a} and ${b}.`,
    longer: (difference: string, { a, b, times }: Durations): string =>
      `B took ${difference} longer: ${b} instead of ${a}${times === undefined ? '' : `, ${times} times as long`}.`,
    shorter: (difference: string, { a, b }: Durations): string =>
      `B took ${difference} less: ${b} instead of ${a}.`,
    unalike:
      'No span of one is the same work as a span of the other: they begin with different operations.',
    explains: (part: string, share: string): string => `accounts for ${part} of it (${share})`,
    explainsMore: (part: string): string => `accounts for ${part}, and something else took less`,
    inside: (parent: string): string => `in ${parent}`,
    calls: (a: number, b: number): string => {
      if (a === b) return b === 1 ? 'one call in both' : `${formatCount(b)} calls in both`;
      if (a === 0) return `${formatCounted(b, 'call')}, only in B`;
      if (b === 0) return `${formatCounted(a, 'call')}, only in A`;
      return `${formatCounted(a, 'call')} → ${formatCounted(b, 'call')}`;
    },
    causeTitle: 'Select it in the list',
    idle: (difference: string, isMore: boolean): string =>
      `Nothing ran for ${difference} ${isMore ? 'longer' : 'less'}`,
    onlyIn: (count: number, side: string): string =>
      `${formatCounted(count, 'span')} only in ${side}`,
    errors: (a: number, b: number): string =>
      `Failed: ${a === 0 ? 'none' : formatCount(a)} in A, ${b === 0 ? 'none' : formatCount(b)} in B`,
    roots: (a: string, b: string): string => `Root spans: ${a} in A, ${b} in B`,
    sameShape: 'Both have the same spans',
  },
  views: {
    label: 'Shown as',
    paths: 'By call path',
    pathsTitle: 'Calls that were made at the same place, together (1)',
    spans: 'Span by span',
    spansTitle: 'Each span beside its partner in the other trace (2)',
  },
  filter: {
    label: 'Listed',
    kinds: {
      all: 'All',
      changed: 'Different',
      onlyBase: 'Only in A',
      onlyOther: 'Only in B',
      failed: 'Failed',
    },
    changedTitle:
      'Another number of calls or of errors, or at least 1 % of the longer trace more or less time',
    findLabel: 'Names of services and spans',
    findPlaceholder: 'Service or span name',
    none: 'Nothing is like that.',
    reset: 'List all',
  },
  paths: {
    label: 'Paths of calls in A and B',
    columns: {
      tree: 'Path of calls',
      treeHint: 'Service and span name from the root down; calls at the same place are one row',
      calls: 'Calls',
      callsHint: 'How many in A, and in B',
      errors: 'Failed',
      errorsHint: 'How many in A, and in B',
      baseTotal: 'Total A',
      otherTotal: 'Total B',
      totalHint: 'The durations of the calls together',
      baseSelf: 'Self A',
      otherSelf: 'Self B',
      selfHint: 'What the calls spent themselves, without the spans below them',
      difference: 'B − A',
      differenceHint: 'How much more time the calls took in B, with all below them',
      share: 'Accounts for',
      shareHint:
        'Their part of the difference between the durations of the traces: what runs side by side counts once',
    },
    inside: (parent: string): string => `in ${parent}`,
    fold: 'Fold what is below (←)',
    unfold: 'Unfold what is below (→)',
    foldLabel: (name: string): string => `What is below ${name}`,
    folded: (count: number): string => `+${formatCounted(count, 'path')}`,
    foldAll: 'Fold all',
    unfoldAll: 'Unfold all',
  },
  pairs: {
    label: 'Spans of A and B',
    columns: {
      tree: 'Span',
      treeHint: 'In the order of the calls',
      bars: 'A above, B below',
      barsHint: 'When they ran, since the beginning of their trace, on one scale',
      baseDuration: 'A',
      otherDuration: 'B',
      durationHint: 'Duration',
      difference: 'B − A',
      differenceHint: 'How much longer the span of B took',
    },
    starts: (side: string, offset: string): string => `${side} starts at ${offset}`,
  },
  onlyIn: { a: 'only in A', b: 'only in B' },
  failedIn: 'failed',
  detail: {
    label: 'The selected span in A and B',
    close: 'Close the details (Esc)',
    figures: 'This path',
    calls: 'Calls',
    errors: 'Failed',
    total: 'Total',
    self: 'Self',
    share: 'Of the trace',
    duration: 'Duration',
    difference: 'B − A',
    pairs: (at: number, count: number): string => `${formatCount(at)} of ${formatCount(count)}`,
    pairsHint: 'The spans of this path, those first that differ most',
    previous: 'Previous span of this path ([)',
    next: 'Next span of this path (])',
    span: 'This span',
    missing: 'not in this trace',
    open: (side: string): string => `Open in trace ${side}`,
    attributes: 'Attributes',
    resource: 'Resource',
    different: (count: number): string =>
      count === 0
        ? 'All alike'
        : `${formatCounted(count, 'attribute')} differ${count === 1 ? 's' : ''}`,
    alike: (count: number): string => `${formatCounted(count, 'attribute')} alike`,
    differsMark: '≠',
    differs: 'differs',
    status: 'Status',
    none: '—',
    noAttributes: 'none',
    onlyOne: (count: number): string => formatCounted(count, 'attribute'),
    loading: 'Loading the attributes …',
    failed: (reason: string): string => `The attributes could not be loaded: ${reason}`,
    retry: 'Try again',
  },
  problem: {
    unknownTitle: (side: string): string => `Trace ${side} is not here`,
    unknown:
      'Clew has no span with this id: it has not arrived yet, was sampled away, is older than what is kept, or the id is mistyped.',
    invalidTitle: (side: string): string => `The id of trace ${side} is not a trace id`,
    invalid: 'A trace id has 1 to 32 hexadecimal digits, and is not all zero.',
    failedTitle: (side: string): string => `Trace ${side} could not be loaded`,
    closedTitle: (side: string): string => `The file of trace ${side} is not open any more`,
    closed:
      'Its traces are kept only until the page is loaded anew. Open the file again on the search page.',
    sameTitle: 'A and B are the same trace',
    same: 'Choose another one to compare it with.',
    unreachable: 'The server cannot be reached. Is it running, and are you online?',
    status: (status: number, message: string): string =>
      `The server answered ${status}: ${message}.`,
    page: (message: string): string => `Something is wrong in this page: ${message}.`,
    retry: 'Look again',
  },
  choice: {
    title: (side: string): string => `Choose trace ${side}`,
    fieldLabel: (side: string): string => `Trace ${side}: its id, or what to look for`,
    fieldPlaceholder: 'Trace id, a name, or TraceQL',
    find: 'Find',
    findLabel: (side: string): string => `Find trace ${side}`,
    target: 'chosen below',
    found: (text: string): string => `Found by ${text}`,
    noneFound: 'No trace has a span or a service that is called so.',
    takeId: (traceId: string): string => `Take it as a trace id: ${traceId}`,
    like: (name: string, service: string): string => `Others of ${name} of ${service}`,
    likeHint:
      'within an hour of it, by how long the root span took: what goes on after it, as behind a queue, does not count',
    fastest: 'Fastest',
    median: 'Median',
    medianHint: (count: number, leastSpans: number): string =>
      `the one in the middle of the ${formatCounted(count, 'newest', 'newest')} ${usual(leastSpans)}`,
    slowest: 'Slowest',
    usualHint: (leastSpans: number): string => `of those ${usual(leastSpans)}`,
    failed: 'Failed',
    failedHint: 'the newest with a failed span',
    noneLike: 'There is no other trace of this operation within an hour.',
    operations: 'From the same operation',
    operationsHint: (count: number): string =>
      `among the ${formatCount(count)} newest traces, by how long the root span took; without those that have a failed span, or less than half the usual number of spans`,
    runLabel: (which: string, name: string, side: string): string =>
      `${which} ${name} as trace ${side}`,
    runTitle: (side: string): string => `Choose it as trace ${side}`,
    compareBoth: 'Fastest with slowest',
    compareOperation: (name: string, service: string): string =>
      `Compare the fastest and the slowest ${name} of ${service}`,
    traces: (count: number): string => formatCounted(count, 'trace'),
    leftOut: (failed: number, small: number, leastSpans: number): string =>
      `left out: ${[
        ...(failed === 0 ? [] : [`${formatCount(failed)} with a failed span`]),
        ...(small === 0
          ? []
          : [`${formatCount(small)} with fewer than ${formatCounted(leastSpans, 'span')}`]),
      ].join(', ')}`,
    noOperations: 'There are no two traces of the same operation yet that have no failed span.',
    viewed: 'Viewed before',
    opened: 'From opened files',
    searching: 'Looking for traces …',
    searchFailed: (reason: string): string => `No traces could be looked for: ${reason}`,
    searchLink: 'Or search for traces',
    searchHint: 'and tick two in the list.',
  },
  commands: {
    title: 'Comparison',
    rows: 'Row above, row below',
    moveIn: 'Unfold, or go to the first path below',
    moveOut: 'Fold, or go to the path above',
    foldAll: 'Fold all paths',
    unfoldAll: 'Unfold all paths',
    bySize: 'The largest difference first, or in the order of calls',
    previousPair: 'The span of the path that differs more',
    nextPair: 'The span of the path that differs next most',
    swap: 'Swap A and B',
    find: 'Find a service or span',
    close: 'Close the details',
  },
} as const;

/** Which runs are compared by how long they took. */
function usual(leastSpans: number): string {
  const few = leastSpans > 1 ? ` and at least ${formatCount(leastSpans)} spans` : '';
  return `with no failed span${few}`;
}
