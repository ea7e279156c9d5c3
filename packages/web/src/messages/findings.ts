/** Texts of what is found in a trace. Names come as they are, durations and counts as words. */

const all = (count: number): string => (count === 2 ? 'both' : `all ${count}`);
const spans = (count: string): string => (count === '1' ? '1 span' : `${count} spans`);

export const findings = {
  title: 'Findings',
  button: (count: number): string => (count === 1 ? '1 finding' : `${count} findings`),
  none: 'No findings',
  pending: 'Analysing …',
  buttonTitle: 'What was found in this trace (i)',
  close: 'Close the findings',
  failed: (reason: string): string => `The trace could not be analysed: ${reason}`,
  emptyTitle: 'Nothing stands out in this trace.',
  emptyText:
    'Looked for: where errors began; calls repeated, in sequence, or tried again; calls and messages that waited; slow dependencies; work that was abandoned or cancelled; spans that are missing.',
  severities: { error: 'Error', high: 'Costs much', low: 'Costs some', note: 'Note' },
  saves: (duration: string, share: string): string =>
    `saves up to ${duration}, ${share} of the trace`,
  savesOfRoot: (duration: string, share: string, root: string): string =>
    `saves up to ${duration}, ${share} of ${root}`,
  rank: (rank: number, count: string): string =>
    rank === 0 ? spans(count) : `${rank} of ${count}`,
  capped: (shown: string, total: string): string => `the first ${shown} of ${total} spans`,
  previous: 'Previous span of the finding (X)',
  next: 'Next span of the finding (x)',
  /** What was found, in a few words, and what it means. */
  kinds: {
    errorBegan: {
      title: (span: string, service: string, count: number): string =>
        count === 1
          ? `Error began in ${span} of ${service}`
          : `Error began in ${span} of ${service}, ${count} times`,
      handledTitle: (span: string, service: string, count: number): string =>
        count === 1
          ? `${span} of ${service} failed, and was dealt with`
          : `${span} of ${service} failed ${count} times, and was dealt with`,
      wentOn: 'It failed by itself, it seems: it went on for long after what failed below it.',
      mayHaveSpread: (top: string, services: number): string =>
        services === 1
          ? `${top} may have failed because of it, within the same service: it did not fail at once.`
          : `${top} may have failed because of it, through ${services} services: it did not fail at once.`,
      followed: (span: string, service: string): string =>
        `It was followed by ${span} of ${service}, which went well: what waited for both need not have failed because of it.`,
      handled: (span: string, service: string): string =>
        `${span} of ${service} waited for it, and says that it ended well.`,
      itself: 'It failed by itself: nothing that it waited for failed.',
      spread: (top: string, services: number): string =>
        services === 1
          ? `${top} failed because of it, within the same service.`
          : `${top} failed because of it, through ${services} services.`,
      doubt: 'Spans between do not say that they failed.',
      silent: (service: string): string =>
        `It called ${service}, which does not say that it failed: its answer was the error.`,
      within: (root: string, service: string): string =>
        `${root} of ${service} waited for it, and does not say that it failed.`,
      apart: (root: string, service: string): string =>
        `${root} of ${service} did not wait for it.`,
    },
    otherErrors: {
      title: (count: string): string =>
        count === '1' ? '1 more failure' : `${count} more failures`,
      text: (ways: number): string =>
        ways === 1
          ? 'Of one other kind. The key e goes from one span that failed to the next.'
          : `Of ${ways} other kinds. The key e goes from one span that failed to the next.`,
    },
    repeated: {
      title: (count: string, name: string): string => `${name}, ${count} times`,
      call: (caller: string, service: string, total: string): string =>
        `${caller} of ${service} called it one after the other, for ${total} in all (N+1). One call for all would save all but the longest.`,
      send: (caller: string, service: string, total: string): string =>
        `${caller} of ${service} sent it one after the other, for ${total} in all. One batch of all would save all but the longest.`,
      own: (caller: string, service: string, total: string): string =>
        `${caller} of ${service} did it one after the other, for ${total} in all: own work, or calls that send no spans.`,
    },
    sequential: {
      title: (count: number, caller: string): string =>
        `${count} calls of ${caller}, one after the other`,
      text: (service: string, total: string, longest: string): string =>
        `Calls of ${service} took ${total} in a row; side by side they would take ${longest}, if none needs what another answers.`,
    },
    sequentialMessages: {
      title: (count: number, sender: string): string =>
        `${count} messages of ${sender}, one after the other`,
      text: (service: string, total: string, longest: string): string =>
        `${service} sent them in ${total}; sent at once, in a batch say, they would take ${longest}.`,
    },
    retries: {
      title: (name: string, count: number): string => `${name}, tried ${count} times`,
      succeeded: (failed: string, pauses: string): string =>
        `It succeeded in the end. Attempts that failed took ${failed}, pauses between them ${pauses}.`,
      loopTitle: (name: string, count: number): string => `${name}, failed ${count} times in a row`,
      loop: (failed: string): string =>
        `Attempts at one thing, or a loop in which everything failed. All but the last, and the pauses between them, took ${failed}: giving up at the first would save that.`,
      failed: (count: number, failed: string, pauses: string): string =>
        `It failed ${all(count)} times. Attempts before the last took ${failed}, pauses between them ${pauses}.`,
    },
    waitingCalls: {
      title: (service: string): string => `Calls waited until ${service} began`,
      text: (count: string, waited: string): string =>
        `${waited} in ${spans(count)} between the start of a call and that of its server: connecting, or queueing.`,
    },
    slowService: {
      title: (service: string): string => `${service} is slow`,
      text: (own: string, count: string): string =>
        `Its own work is ${own} of the critical path, in ${spans(count)}.`,
    },
    slowOperation: {
      title: (name: string, service: string): string => `${name} of ${service} is slow`,
      text: (own: string, count: string): string =>
        `What it calls sends no spans, and takes ${own} of the critical path, in ${spans(count)}.`,
    },
    slowSending: {
      title: (name: string, service: string): string => `${name} of ${service} is slow`,
      text: (own: string, count: string): string =>
        `Sending takes ${own} of the critical path, in ${spans(count)}: waiting until the message is taken.`,
    },
    slowWork: {
      title: (name: string): string => `${name} takes long`,
      text: (service: string, own: string, count: string): string =>
        `Own work of ${service} in it is ${own} of the critical path, in ${spans(count)}: computing, or waiting for what sends no spans.`,
    },
    waitingMessages: {
      title: (service: string): string => `Messages waited for ${service}`,
      text: (count: string, longest: string): string =>
        `Up to ${longest} between the end of their sending and the start of their consumer, in ${spans(count)}.`,
    },
    abandoned: {
      title: (name: string): string => `${name} went on for nobody`,
      text: (after: string, count: string): string =>
        `Work went on for ${after} after its caller had given up, in ${spans(count)}.`,
    },
    cancelled: {
      title: (name: string): string => `${name} was cancelled`,
      text: (lost: string, count: string): string =>
        `${lost} of work was cancelled, in ${spans(count)}.`,
    },
    missingParents: {
      title: (count: string): string => `${spans(count)} without their parent`,
      text: (count: string): string =>
        count === '1'
          ? 'The parent that they name is not in the trace: lost, not sampled, or still on its way.'
          : `They name ${count} parents that are not in the trace: lost, not sampled, or still on their way.`,
    },
    missingServers: {
      title: (name: string): string => `${name} without a server span`,
      text: (count: string, served: string): string =>
        `${spans(count)} of calls have nothing below, while ${served} others of the same operation have a server.`,
    },
  },
} as const;
