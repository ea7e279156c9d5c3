import type { Clock } from '@clew/model';
import type { LogField, Logger } from './log.ts';

/** From most to least said. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** `text` for people, `json` (an object a line) for log collectors. */
export const LOG_FORMATS = ['text', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export interface LoggerOptions {
  readonly format: LogFormat;
  /** Lines below this level are dropped. */
  readonly level: LogLevel;
  readonly clock: Clock;
  /** Takes a line with its line feed, in the server the standard error stream. */
  readonly write: (line: string) => void;
}

type Fields = Readonly<Record<string, LogField>>;

/** A logger that writes one line an entry, whatever the values hold. */
export function createLogger({ format, level, clock, write }: LoggerOptions): Logger {
  const formatLine = format === 'json' ? formatJson : formatText;
  const log = (entryLevel: LogLevel, message: string, fields: Fields = {}): void => {
    if (LOG_LEVELS.indexOf(entryLevel) < LOG_LEVELS.indexOf(level)) return;
    const time = new Date(clock.nowMs()).toISOString();
    write(`${formatLine({ time, level: entryLevel, message }, fields)}\n`);
  };
  return {
    debug: (message, fields) => log('debug', message, fields),
    info: (message, fields) => log('info', message, fields),
    warn: (message, fields) => log('warn', message, fields),
    error: (message, fields) => log('error', message, fields),
  };
}

interface Entry {
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
}

function formatJson(entry: Entry, fields: Fields): string {
  return JSON.stringify({ ...fields, ...entry }, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

function formatText({ time, level, message }: Entry, fields: Fields): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const tail = given.map(([name, value]) => ` ${name}=${formatValue(value)}`).join('');
  return `${time} ${level.padEnd(5)} ${escapeControls(message)}${tail}`;
}

/** Values with spaces, quotes or line feeds are quoted as JSON, so that a line can be split again. */
function formatValue(value: LogField): string {
  const text = String(value);
  return /^[^\s"=\p{Cc}]+$/u.test(text) ? text : JSON.stringify(text);
}

/** A message that holds a line feed or a terminal's escape sequence must not forge a line. */
function escapeControls(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}
