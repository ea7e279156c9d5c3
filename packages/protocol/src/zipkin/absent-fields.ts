/** What is noted of a span that leaves its times out, so that they can be left out again. */

/** What the Collector marks spans with whose start it had to make up, so that it can leave it out again. */
export const START_TIME_ABSENT = 'otel.zipkin.absentField.startTime';

export const NO_TIMESTAMP = 'no timestamp: start set to 0';
export const ANNOTATED_TIMESTAMP = 'no timestamp: start set to the first annotation';
export const NO_DURATION = 'no duration: set to 0';
