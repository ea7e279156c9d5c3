/**
 * Server-sent events as they come out of `fetch`. Browsers have `EventSource` for them, which Node has not, which tells nothing of
 * a refused request, and which comes back by itself.
 *
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
import { readStream } from './read-stream.ts';
import type { ByteStream } from './read-stream.ts';

export interface ServerSentEvent {
  /** `message` where the stream names none. */
  readonly event: string;
  readonly data: string;
}

/** Gives each event when it is complete. Whoever stops asking ends the stream; the stream's own errors are passed on. */
export async function* readServerSentEvents(stream: ByteStream): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  const parser = new EventParser();
  for await (const piece of readStream(stream))
    yield* parser.push(decoder.decode(piece, { stream: true }));
}

/** Takes a stream's text in any pieces. */
export class EventParser {
  #line = '';
  /** The last piece ended a line with a carriage return; a line feed that follows belongs to it. */
  #endsInReturn = false;
  #event = '';
  #data: string[] = [];

  /** Gives the events that the piece completes. */
  push(piece: string): readonly ServerSentEvent[] {
    if (piece === '') return [];
    const text = this.#endsInReturn && piece.startsWith('\n') ? piece.slice(1) : piece;
    this.#endsInReturn = piece.endsWith('\r');
    const lines = (this.#line + text).split(/\r\n|\n|\r/);
    this.#line = lines.pop() ?? '';
    return lines.flatMap((line) => this.#take(line));
  }

  #take(line: string): readonly ServerSentEvent[] {
    if (line === '') return this.#complete();
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    // Comments have an empty name; ids and times to come back mean nothing here.
    if (name === 'event') this.#event = value;
    if (name === 'data') this.#data.push(value);
    return [];
  }

  #complete(): readonly ServerSentEvent[] {
    const event = this.#event === '' ? 'message' : this.#event;
    const data = this.#data;
    this.#event = '';
    this.#data = [];
    return data.length === 0 ? [] : [{ event, data: data.join('\n') }];
  }
}
