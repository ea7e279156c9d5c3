/** A value that a log line can carry beside its message. */
export type LogField = string | number | bigint | boolean | undefined;

/** Structured logging: a message that never varies, and fields that do. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, LogField>>): void;
  info(message: string, fields?: Readonly<Record<string, LogField>>): void;
  warn(message: string, fields?: Readonly<Record<string, LogField>>): void;
  error(message: string, fields?: Readonly<Record<string, LogField>>): void;
}
