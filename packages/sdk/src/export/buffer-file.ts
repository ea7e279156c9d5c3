import { hostname } from 'node:os';
import { crc32 } from 'node:zlib';

/**
 * The name of a buffered request: when it was written, in which order, how many spans it has, and whose it is.
 *
 *     clew-1767225600000-000042-512-6c078965.4711.9f86d081.otlp
 *          milliseconds   nth spans host     pid  start
 *
 * Names in alphabetical order are oldest first. While it is being sent, `.sending` follows.
 */
const NAME =
  /^clew-(\d{13})-(\d{6})-(\d{1,9})-([0-9a-f]{8})\.(\d{1,10})\.([0-9a-f]{8})\.otlp(\.sending|\.tmp)?$/;

/** A run of the library in a process. */
export interface Owner {
  /** Of the host's name. */
  readonly hostHash: string;
  readonly pid: number;
  /** Random, to tell runs in one process apart. */
  readonly run: string;
}

export interface BufferName {
  readonly unixMs: number;
  readonly sequence: number;
  readonly spanCount: number;
  readonly owner: Owner;
  /** `temporary`: it is being written. */
  readonly state: 'waiting' | 'sending' | 'temporary';
}

export function ownerOfThisProcess(): Owner {
  const random = Math.floor(Math.random() * 2 ** 32);
  return { hostHash: hex(crc32(hostname())), pid: process.pid, run: hex(random) };
}

export function formatBufferName({
  unixMs,
  sequence,
  spanCount,
  owner,
  state,
}: BufferName): string {
  const order = `${String(unixMs).padStart(13, '0')}-${String(sequence % 1e6).padStart(6, '0')}`;
  const whose = `${owner.hostHash}.${owner.pid}.${owner.run}`;
  return `clew-${order}-${spanCount}-${whose}.otlp${SUFFIXES[state]}`;
}

const SUFFIXES = { waiting: '', sending: '.sending', temporary: '.tmp' };

/** `undefined` for a file that is not ours. */
export function parseBufferName(name: string): BufferName | undefined {
  const match = NAME.exec(name);
  if (match === null) return undefined;
  const [, unixMs, sequence, spanCount, hostHash = '', pid, run = '', suffix] = match;
  return {
    unixMs: Number(unixMs),
    sequence: Number(sequence),
    spanCount: Number(spanCount),
    owner: { hostHash, pid: Number(pid), run },
    state: suffix === '.sending' ? 'sending' : suffix === '.tmp' ? 'temporary' : 'waiting',
  };
}

/** Nobody takes so long to send one file. */
const FOREIGN_HOST_MS = 5 * 60_000;
/** By then a process with this number is another one. */
const SAME_PID_MS = 60 * 60_000;

/**
 * Whether who owns a file does not exist any more, as far as this process (`self`) can tell. Processes of another host, or of
 * another container, cannot be seen; what they have not touched for minutes is taken from them, which is no harm: a file is
 * claimed before it is sent.
 */
export function isOwnerGone(owner: Owner, modifiedUnixMs: number, self: Owner): boolean {
  const ageMs = Date.now() - modifiedUnixMs;
  if (owner.hostHash !== self.hostHash) return ageMs > FOREIGN_HOST_MS;
  if (owner.pid === self.pid) {
    // Another run in this process, such as that of a worker thread, unless it was before this process began.
    return owner.run !== self.run && ageMs > process.uptime() * 1000;
  }
  return !isAlive(owner.pid) || ageMs > SAME_PID_MS;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It exists and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

const MAGIC = 0x434c4557; // CLEW
export const BUFFER_HEADER_BYTES = 8;

/** What a file holds: four bytes to know it by, the CRC-32 of the body, the body. */
export function encodeBufferFile(body: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(BUFFER_HEADER_BYTES + body.length);
  bytes.writeUInt32BE(MAGIC, 0);
  bytes.writeUInt32BE(crc32(body), 4);
  bytes.set(body, BUFFER_HEADER_BYTES);
  return bytes;
}

/** The body; `undefined` when the file is damaged. */
export function decodeBufferFile(bytes: Buffer): Uint8Array | undefined {
  if (bytes.length < BUFFER_HEADER_BYTES || bytes.readUInt32BE(0) !== MAGIC) return undefined;
  const body = bytes.subarray(BUFFER_HEADER_BYTES);
  return bytes.readUInt32BE(4) === crc32(body) ? body : undefined;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
