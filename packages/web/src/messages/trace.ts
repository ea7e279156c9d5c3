/** Texts of the trace page. */
import { findings } from './findings.ts';

/** What a span is ranked among. */
export interface RankedAmong {
  readonly name: string;
  readonly service: string;
  readonly hours: number;
}

export const trace = {
  findings,
  noName: '(no name)',
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
  colors: {
    by: 'Colour:',
    names: { service: 'service', name: 'span name', kind: 'kind', status: 'status' },
    legends: {
      service: 'Services',
      name: 'Span names',
      kind: 'Span kinds',
      status: 'Statuses',
    },
    more: (count: number): string => `and ${count} more`,
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
    groupTitle: 'Group by this: the spans of this service by their value',
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
} as const;
