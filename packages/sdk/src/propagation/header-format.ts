import type { Context } from '@opentelemetry/api';
import type { HeaderReader } from './header-reader.ts';

/** Where a format writes its headers, and tells once of what it had to leave out. */
export interface HeaderWriter {
  set(name: string, value: string): void;
  tell(complaint: string): void;
}

/** One way of writing a context into headers, and of reading it back. */
export interface HeaderFormat {
  inject(context: Context, headers: HeaderWriter): void;
  /** On top of what `context` has; the same context when there is nothing to be read. */
  extract(context: Context, headers: HeaderReader): Context;
  /** The headers it writes, as far as their names are known beforehand. */
  fields(): readonly string[];
}
