/**
 * What a span can be in a call between services, told from the span alone, so that whoever joins calls (`edges/`) reads
 * two small columns instead of every attribute of every span: looking the peer up in SQL took four times as long as the
 * join itself. Measured by `bench -- rollup`.
 *
 * A caller names its peer in OpenTelemetry's old or new words; for a database, a queue or an external host, which send no
 * spans, that is all there will ever be. A span was called when it has a parent that may be elsewhere: a sender that says
 * its parent is in the same process (OTLP's flags) has said that it was not.
 */
import { DictionaryColumn, SPAN_KINDS } from '@clew/model';
import type { SpanBlock } from '@clew/model';
import { StringCursor } from './string-cursor.ts';

/** The values of the column `call_role`. Any span, whatever its role, may turn out to be the parent of one that was called. */
export const CALL_ROLE = {
  none: 0,
  /** Called something that it does not name. */
  caller: 1,
  databaseCaller: 2,
  messagingCaller: 3,
  externalCaller: 4,
  called: 5,
  /** Called, and has taken over the caller's span id, as Zipkin's servers do. */
  calledBySharedId: 6,
} as const;

export interface CallSides {
  /** Of each span, one of `CALL_ROLE`. */
  readonly roles: Uint8Array;
  /** What each caller called; empty where nothing tells, and for all other spans. */
  readonly peers: DictionaryColumn;
}

/** Keys that tell what was called, the best first. */
const DATABASE_PEERS = [
  'peer.service',
  'db.namespace',
  'db.name',
  'server.address',
  'net.peer.name',
  'db.system.name',
  'db.system',
];
const MESSAGING_PEERS = [
  'peer.service',
  'messaging.destination.name',
  'messaging.destination',
  'messaging.system',
];
const EXTERNAL_PEERS = [
  'peer.service',
  'server.address',
  'net.peer.name',
  'http.host',
  'network.peer.address',
  'net.peer.ip',
];

const KEYS = [...new Set([...DATABASE_PEERS, ...MESSAGING_PEERS, ...EXTERNAL_PEERS])];
const ENCODED_KEYS = KEYS.map((key) => new TextEncoder().encode(key));
const DATABASE = toKeyNumbers(DATABASE_PEERS);
const MESSAGING = toKeyNumbers(MESSAGING_PEERS);
const EXTERNAL = toKeyNumbers(EXTERNAL_PEERS);
const [DB_SYSTEM_NAME = 0, DB_SYSTEM = 0, MESSAGING_SYSTEM = 0] = toKeyNumbers([
  'db.system.name',
  'db.system',
  'messaging.system',
]);
const SHARED_KEY = new TextEncoder().encode('zipkin.shared');

const CLIENT = SPAN_KINDS.indexOf('client');
const PRODUCER = SPAN_KINDS.indexOf('producer');
const SERVER = SPAN_KINDS.indexOf('server');
const CONSUMER = SPAN_KINDS.indexOf('consumer');
/** OTLP's flags: bit 8 says that bit 9 says whether the parent is in another process. */
const SAYS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

export function findCallSides(block: SpanBlock): CallSides {
  const roles = new Uint8Array(block.spanCount);
  const peers = new DictionaryColumn();
  const finder = new PeerFinder(block);
  const shared = findShared(block);
  const kinds = block.kinds.bytes;
  const flags = block.flags.values;
  const parents = block.parentSpanIds.bytes;
  const parentWords = new DataView(parents.buffer, parents.byteOffset, parents.byteLength);
  for (let row = 0; row < block.spanCount; row++) {
    const kind = kinds[row] ?? 0;
    if (kind === CLIENT || kind === PRODUCER) {
      roles[row] = finder.find(row, kind);
      peers.push(finder.strings.bytes, finder.start, finder.end);
      continue;
    }
    peers.pushIndex(0);
    if (kind === SERVER && shared?.[row] === 1) roles[row] = CALL_ROLE.calledBySharedId;
    else {
      const at = row << 3;
      const hasParent = (parentWords.getInt32(at, true) | parentWords.getInt32(at + 4, true)) !== 0;
      if (hasParent && mayBeCalled(kind, flags[row] ?? 0)) roles[row] = CALL_ROLE.called;
    }
  }
  return { roles, peers };
}

/** A server may say that its parent is local: a proxy's own client span, which is a call all the same. */
function mayBeCalled(kind: number, flags: number): boolean {
  return (
    kind === SERVER || kind === CONSUMER || (flags & (SAYS_REMOTE | IS_REMOTE)) !== SAYS_REMOTE
  );
}

/** Finds the peers of rows that are asked for in ascending order. Goes over each string of the block once. */
class PeerFinder {
  /** All strings of the block's attributes. */
  readonly strings: StringCursor;
  /** Where among them the last peer that was found lies. */
  start = 0;
  end = 0;
  readonly #entries: Uint32Array;
  readonly #rowEnds: Uint32Array;
  /** By entry of the dictionary of keys its place in `KEYS`; -1 for other keys. */
  readonly #keyNumbers: Int8Array;
  /** Of the row that was last looked at, by place in `KEYS`. */
  readonly #starts = new Int32Array(KEYS.length);
  readonly #ends = new Int32Array(KEYS.length);
  /** Of the next string. */
  #entry = 0;

  constructor({ attributes }: SpanBlock) {
    const { keys, values, rowEnds } = attributes.string;
    this.strings = new StringCursor(values.bytes);
    this.#entries = keys.indexes.values;
    this.#rowEnds = rowEnds.halves;
    this.#keyNumbers = new Int8Array(keys.dictionary.count).fill(-1);
    ENCODED_KEYS.forEach((key, number) => {
      const entry = keys.dictionary.find(key, 0, key.length);
      if (entry > 0) this.#keyNumbers[entry] = number;
    });
  }

  /** Gives the role of a caller and finds its peer. */
  find(row: number, kind: number): number {
    const first = row === 0 ? 0 : (this.#rowEnds[(row - 1) << 1] ?? 0);
    for (; this.#entry < first; this.#entry++) this.strings.next();
    this.#starts.fill(0);
    this.#ends.fill(0);
    const last = this.#rowEnds[row << 1] ?? 0;
    for (; this.#entry < last; this.#entry++) {
      this.strings.next();
      const number = this.#keyNumbers[this.#entries[this.#entry] ?? 0] ?? -1;
      if (number < 0) continue;
      this.#starts[number] = this.strings.start;
      this.#ends[number] = this.strings.end;
    }
    if (this.#has(DB_SYSTEM_NAME) || this.#has(DB_SYSTEM)) {
      return this.#choose(DATABASE, CALL_ROLE.databaseCaller);
    }
    if (kind === PRODUCER || this.#has(MESSAGING_SYSTEM)) {
      return this.#choose(MESSAGING, CALL_ROLE.messagingCaller);
    }
    return this.#choose(EXTERNAL, CALL_ROLE.externalCaller);
  }

  #choose(keys: readonly number[], role: number): number {
    for (const key of keys) {
      if (!this.#has(key)) continue;
      this.start = this.#starts[key] ?? 0;
      this.end = this.#ends[key] ?? 0;
      return role;
    }
    this.start = this.end = 0;
    return CALL_ROLE.caller;
  }

  #has(key: number): boolean {
    return (this.#ends[key] ?? 0) > (this.#starts[key] ?? 0);
  }
}

/** Of each span 1 where it says that it shares its id with its caller; `undefined` where none does. */
function findShared({ attributes, spanCount }: SpanBlock): Uint8Array | undefined {
  const { keys, values, rowEnds } = attributes.bool;
  const key = keys.dictionary.find(SHARED_KEY, 0, SHARED_KEY.length);
  if (key <= 0) return undefined;
  const shared = new Uint8Array(spanCount);
  const entries = keys.indexes.values;
  const flags = values.bytes;
  const ends = rowEnds.halves;
  for (let row = 0, entry = 0; row < spanCount; row++) {
    for (const end = ends[row << 1] ?? 0; entry < end; entry++) {
      if (entries[entry] === key && flags[entry] === 1) shared[row] = 1;
    }
  }
  return shared;
}

function toKeyNumbers(keys: readonly string[]): number[] {
  return keys.map((key) => KEYS.indexOf(key));
}
