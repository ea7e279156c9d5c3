/** Texts of the trace page while there is no trace to show. */
export const traceProblem = {
  page: 'Trace',
  loading: 'Loading the trace',
  unknown: 'This trace is not here',
  failed: 'The trace could not be loaded',
  looking: 'Looking…',
  again: 'Look again',
  search: 'Search for traces',
  invalid: 'This is not a trace id',
  invalidWhy:
    'A trace id has 1 to 32 hexadecimal digits, 0 to 9 and a to f, and is not all zero. Perhaps the address was cut or has a character too many.',
  mayBe: 'Clew has no span with this id. It may be that',
  reasons: [
    'it has not arrived yet: spans are sent in batches, some seconds after they end',
    'it was sampled away, or sent to another Clew',
    'it is older than what is kept, and was deleted',
    'the id is mistyped or cut off',
  ],
  pageIsWrong: (reason: string): string => `Something is wrong in this page: ${reason}.`,
  unreachable: 'The server cannot be reached. Is it running, and are you online?',
  brokenOff:
    'The answer broke off, or was changed on its way: what came is no whole trace. Try again.',
  tryAgain: 'Try again',
  reason: (reason: string): string => `Reason: ${reason}`,
  answered: (status: number, reason: string): string => `The server answered ${status}: ${reason}.`,
};
