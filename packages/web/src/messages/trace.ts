import { isolatedText } from '../base/visible-text.ts';
import { formatCount, formatCounted, formatDuration } from '../base/format.ts';

const titled = (title: string) => (key: number) => `${title} (${key})`;

/** Texts of the trace page. */
import { findings } from './findings.ts';
import { traceProblem } from './trace-problem.ts';
import { traceCommands } from './trace-commands.ts';
import { arrival } from './arrival.ts';
import { clock } from './clock.ts';
import { spanDetails } from './span-details.ts';
import { traceFold } from './trace-fold.ts';
import { traceHeader } from './trace-header.ts';

/** What a span is ranked among. */
export interface RankedAmong {
  readonly name: string;
  readonly service: string;
  readonly hours: number;
}

export const trace = {
  findings,
  fold: traceFold,
  tooltip: {
    start: 'start',
    duration: 'duration',
    self: 'self time',
    status: 'status',
    eventOf: (name: string): string => `event of ${name}`,
    inTrace: 'in the trace',
    inSpan: 'in the span',
  },
  commands: traceCommands,
  header: traceHeader,
  arrival,
  clock,
  span: spanDetails,
  problem: traceProblem,
  tree: { head: 'Service and span', label: 'Spans of the trace', width: 'Width of the tree' },
  noName: '(no name)',
  parentMissing: 'parent missing',
  fromDepth: (depth: number) => `from depth ${depth}`,
  file: {
    noStore: 'this trace is from a file, and not in the store',
    closedTitle: 'This file is not open any more',
    closed:
      'Its traces are kept only until the page is loaded anew. Open the file again on the search page.',
  },
  find: {
    clear: 'Do not mark these spans any more',
    placeholder: 'Find in trace',
    label: 'Find in this trace',
    title: 'Words in names, services, attributes; or TraceQL, such as { status = error } (/ or f)',
    previous: 'Previous',
    next: 'Next',
    none: 'none',
    more: ' …',
    rank: (rank: string, total: string): string => `${rank} of ${total}`,
    failed: (reason: string): string => `Attributes were not searched: ${reason}`,
    noQuery: (reason: string, position: number | undefined): string =>
      position === undefined ? reason : `Not a query: ${reason}, at character ${position + 1}`,
    perhaps: 'Perhaps',
    takeSuggestion: 'Find this instead',
  },
  row: {
    times: (start: string, duration: string): string => `starts at ${start}, takes ${duration}`,
    failed: 'failed',
    onPath: (own: string): string => `on the critical path, ${own} of it`,
    evidence: 'shows the finding',
  },
  path: {
    label: 'Critical path',
    only: 'only',
    onlyLabel: 'Only the critical path',
    onlyTitle: 'Hide the spans beside the critical path (C)',
    showTitle: 'Draw the critical path: what kept the trace from ending earlier (c)',
    hideTitle: 'Do not draw the critical path (c)',
  },
  attributeChoice: {
    option: 'Attribute …',
    placeholder: 'http.route, db.system …',
    without: '(without it)',
    loading: 'Looking which attributes the trace has …',
    loadingValues: (key: string): string => `Reading ${key} of all spans …`,
    problem: 'The attribute could not be read',
    unknown: (key: string): string => `No span of this trace has ${isolatedText(key)}`,
  },
  colors: {
    by: 'Colour:',
    names: { service: 'service', name: 'span name', kind: 'kind', status: 'status' },
    attribute: 'attribute …',
    chooseAttribute: 'Attribute that colours stand for',
    legends: {
      service: 'Services',
      name: 'Span names',
      kind: 'Span kinds',
      status: 'Statuses',
    },
    legendOf: (attribute: string): string => `Values of ${attribute}`,
    more: (count: number): string => `and ${count} more`,
    failed: (count: number): string => `${formatCount(count)} failed`,
    item: (label: string, spans: number, errors: number): string =>
      `${label}: ${formatCounted(spans, 'span')}, ${formatCount(errors)} failed`,
  },
  meaning: {
    path: 'Path',
    pathTitle: 'The part of the critical path that is this span’s own time',
    ofPath: (share: string): string => `${share} of the critical path`,
    onlyWaits: 'on the critical path, waiting for others',
    beside: 'beside the critical path',
    drag: 'Drag',
    dragTitle: 'How much earlier the trace would end if this span took no time',
    drags: 'is what shortening it saves at most',
    slack: 'Slack',
    slackTitle: 'How much longer this span may take before the trace does',
    mayTake: (duration: string): string => `may take ${duration} longer at no cost`,
    notAwaited: 'nothing waits for it',
    rank: 'Rank',
    rankPending: 'comparing …',
    rankFailed: 'could not be compared with others',
    fewOthers: (count: string, of: RankedAmong): string =>
      count === '0'
        ? `no other ${of.name} of ${of.service} in the ${of.hours} h before it`
        : `only ${count} other ${of.name} of ${of.service} in the ${of.hours} h before it`,
    slowerThan: (share: string, count: string, of: RankedAmong): string =>
      `slower than ${share} of ${count} other ${of.name} spans of ${of.service} in the ${of.hours} h before it`,
  },
  logs: {
    name: 'Logs',
    open: 'Open the logs of this span',
    setUp: 'Link to logs …',
    change: 'change',
    template: 'Address of logs',
    hint: (names: string): string => `${names} are filled in. Kept in this browser.`,
    wrong: 'This is no address of the web: it begins with https:// or http://',
    save: 'Save',
    cancel: 'Cancel',
  },
  attributes: {
    onlyLabel: (key: string, value: string): string => `Search for ${key}=${value}`,
    onlyTitle: 'Only this: search for spans of this service with this value',
    notLabel: (key: string, value: string): string => `Search for ${key} other than ${value}`,
    notTitle: 'Not this: search for spans of this service with another value',
    groupLabel: (key: string): string => `Group by ${key}`,
    groupTitle: 'Group by this: statistics of this trace’s spans by their value',
  },
  stack: {
    foreign: (count: number): string =>
      count === 1 ? '1 line of libraries' : `${count} lines of libraries`,
    label: 'Stack',
    copy: 'Copy the stack',
  },
  links: {
    to: 'Links to',
    from: 'Linked from',
    none: 'No links.',
    noneFrom: 'No span links to this one.',
    pending: 'Looking for spans that link here …',
    failed: (reason: string): string => `Not known: ${reason}`,
    more: 'There are more.',
    sameTrace: 'Span of this trace',
    otherTrace: 'Span of another trace',
    of: (name: string, service: string): string => `${name} of ${service}`,
  },
  details: {
    label: 'Span details',
    width: 'Width of the details',
    zoom: 'Zoom to span',
    zoomTitle: 'Show this span from edge to edge (z)',
    close: 'Close the details',
    closeTitle: 'Close (Esc)',
    loading: 'Loading what the span carries …',
    notLoaded: (reason: string): string => `What the span carries could not be loaded: ${reason}`,
    retry: 'Try again',
  },
  views: {
    label: 'Views of the trace',
    names: {
      timeline: 'Timeline',
      flame: 'Flame graph',
      graph: 'Graph',
      statistics: 'Statistics',
      spans: 'Spans',
      events: 'Events',
      json: 'JSON',
    },
    titles: {
      timeline: titled('When each span ran'),
      flame: titled('Where the time went, by path of calls'),
      graph: titled('Who called whom'),
      statistics: titled('Times by service, name or any attribute'),
      spans: titled('All spans as a table'),
      events: titled('All events in order of time'),
      json: titled('The trace as JSON'),
    },
    loading: 'Loading the view …',
    failed: 'This view cannot be shown',
    retry: 'Try again',
  },
  columns: {
    start: 'Start',
    startHint: 'Since the start of the trace',
    duration: 'Duration',
    self: 'Self time',
    selfHint: 'In which no child was running',
    service: 'Service',
    name: 'Span name',
    status: 'Status',
    kind: 'Kind',
  },
  spans: {
    label: 'Spans',
    filter: 'Which spans',
    all: 'All',
    failed: 'Failed',
    found: 'Found',
    foundTitle: 'What the find box has found, or what was pointed at in another view',
    count: (shown: number, all: number): string =>
      shown === all
        ? formatCounted(all, 'span')
        : `${formatCount(shown)} of ${formatCounted(all, 'span')}`,
    noneFailed: 'No span of this trace failed.',
    noneFound:
      'No span is marked. Find some with the box above (/), or point at them in another view.',
  },
  flame: {
    label: 'Flame graph',
    picture:
      'Flame graph. Arrow keys go from frame to frame, Enter zooms in, Escape zooms out. The same as a table: press t.',
    width: 'Width of a frame',
    self: 'Self time',
    selfTitle:
      'A frame is as wide as the self times of its spans and of all below them; what ran side by side counts as often',
    total: 'Total time',
    totalTitle:
      'A frame is as wide as the time in which one of its spans was running; those that ran side by side are squeezed to the width of their caller',
    ofSelf: (duration: string): string => `self ${duration}`,
    ofTotal: (duration: string): string => `total ${duration}`,
    whole: 'Whole trace',
    making: 'Merging the spans by their paths …',
    path: 'Path of the frame that is zoomed to',
    more: (count: number): string => `${formatCount(count)} more`,
    table: 'As a table',
    columns: {
      path: 'Call path',
      spans: 'Spans',
      errors: 'Errors',
      total: 'Total',
      totalHint: 'In which at least one span of the path was running',
      self: 'Self',
      selfHint: 'In which no child was running, of all spans of the path together',
      share: 'Share',
      shareHint: 'Of the self times of all spans',
    },
    facts: {
      spans: 'spans',
      total: 'total time',
      together: 'all durations together',
      self: 'self time',
      below: 'self time with all below',
      share: 'of the total time',
      selfShare: 'of all self time',
      failed: 'failed',
    },
    spansOf: (name: string, count: number): string =>
      `${formatCounted(count, 'span')} of ${name}, longest first`,
    keys: {
      title: 'Flame graph',
      move: 'Go to the frame beside, above, below',
      zoom: 'Zoom in, out',
      table: 'Show as a table',
    },
  },
  graph: {
    label: 'Call graph',
    picture:
      'Graph of calls. The same as a table is behind the picture. Plus and minus zoom, arrow keys move, 0 shows all.',
    nodes: 'What the nodes are',
    service: 'Services',
    operation: 'Span names',
    counting: 'Counting who called whom …',
    layingOut: 'Laying out the graph …',
    failed: (reason: string): string => `The graph could not be laid out: ${reason}`,
    refused: (count: number, max: number): string =>
      `${formatCount(count)} span names are more than the ${max} that a graph can show, so it shows services.`,
    others: (count: number): string => formatCounted(count, 'other service'),
    spans: (count: number): string => formatCounted(count, 'span'),
    errors: (count: number): string => `${formatCount(count)} failed`,
    calls: (count: number): string => formatCounted(count, 'call'),
    edge: (calls: number, errors: number, totalNs: number): string =>
      [
        formatCounted(calls, 'call'),
        ...(errors > 0 ? [`${formatCount(errors)} failed`] : []),
        `${formatDuration(totalNs)} together`,
      ].join(', '),
    zoomInSign: '+',
    zoomOutSign: '−',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    fit: 'Show all',
    table: 'As a table',
    noCalls: 'No call leads from one node to another.',
    columns: {
      from: 'Caller',
      to: 'Called',
      calls: 'Calls',
      errors: 'Failed',
      total: 'Total time',
    },
    keys: {
      title: 'Graph',
      zoom: 'Zoom in, out',
      fit: 'Show all',
      move: 'Move',
      open: 'Mark the spans of a node',
    },
  },
  statistics: {
    label: 'Statistics of spans',
    by: 'Group by',
    groupings: {
      service: 'Service',
      name: 'Span name',
      operation: 'Service and span name',
      kind: 'Kind',
      status: 'Status',
    },
    chooseAttribute: 'Attribute to group by',
    grouping: 'Grouping the spans …',
    cancel: 'Cancel',
    changed:
      'Spans have arrived since the trace was loaded, so that the values do not fit any more. Load the trace again.',
    columns: {
      count: 'Spans',
      errors: 'Errors',
      total: 'Total',
      totalHint: 'All durations together; what ran side by side counts as often',
      self: 'Self',
      selfHint: 'In which no child was running',
      share: 'Share',
      shareHint: 'Of the self times of all spans',
      min: 'Min',
      p50: 'p50',
      p95: 'p95',
      p99: 'p99',
      max: 'Max',
    },
    groups: (count: number): string => formatCounted(count, 'row'),
  },
  events: {
    label: 'Events in order of time',
    none: 'No span of this trace has events.',
    count: (count: number): string => formatCounted(count, 'event'),
    time: 'Time',
    event: 'Event',
    exception: 'Exception',
    inSpan: 'In the span',
    inSpanHint: 'Since the start of its span',
    only: 'Which events',
    all: 'All',
    exceptions: 'Exceptions',
    noExceptions: 'No event of this trace is an exception.',
  },
  json: {
    label: 'The trace as JSON',
    form: 'Form',
    clew: 'Clew',
    clewTitle: 'As the API of Clew answers',
    otlp: 'OTLP',
    otlpTitle: 'As OpenTelemetry sends it: can be imported anywhere',
    loading: (bytes: string): string => `Loading … ${bytes}`,
    formatting: 'Writing it out …',
    large: (spans: string, bytes: string): string => `${spans} are some ${bytes} of JSON.`,
    largeWhy:
      'Showing that takes several times as much memory. It can be saved without being shown.',
    tooLarge: 'That is more than a page can show. It can be saved.',
    show: 'Show it all the same',
    copy: 'Copy the JSON',
    save: 'Save',
    saving: (bytes: string): string => `Saving … ${bytes}`,
    cancel: 'Cancel',
    failed: 'The JSON could not be loaded',
    retry: 'Try again',
    size: (bytes: string, lines: number): string => `${bytes}, ${formatCounted(lines, 'line')}`,
  },
} as const;
