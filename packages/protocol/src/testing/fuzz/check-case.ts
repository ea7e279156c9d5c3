import { isDeepStrictEqual } from 'node:util';
import { ByteColumn, DecodeError, LimitError, SpanBlock } from '@clew/model';
import type { AttributeColumns, DictionaryColumn } from '@clew/model';
import { decodeTracesProtobuf } from '../../otlp/decode.ts';
import { encodeTracesProtobuf, groupSpans } from '../../otlp/encode.ts';
import { NO_DECODE_LIMITS } from '../../otlp/limits.ts';
import { readSpans } from '../../otlp/to-model.ts';
import { isUtf8 } from '../../wire/utf8.ts';
import type { FuzzFormat } from './formats.ts';

/** A decoder may take so long for an input of at most 256 KiB, whatever it is. */
const MAX_MS = 2000;
/** What may come out of a byte: an attribute of two bytes can become one of five columns' rows. */
const MAX_GROWTH = 64;

/** What is wrong with how a decoder treats an input; `undefined` when nothing is. */
export function checkCase(format: FuzzFormat, bytes: Uint8Array): string | undefined {
  const block = new SpanBlock('default');
  const cpu = process.cpuUsage();
  try {
    format.decode(bytes, block);
  } catch (error) {
    if (error instanceof DecodeError) return checkError(error);
    if (error instanceof LimitError) return undefined;
    return `threw ${describe(error)}`;
  }
  const { user, system } = process.cpuUsage(cpu);
  const elapsedMs = (user + system) / 1000;
  if (elapsedMs > MAX_MS) return `took ${elapsedMs} ms`;
  try {
    return checkSize(block, bytes.length) ?? checkTexts(block) ?? checkAgain(block);
  } catch (error) {
    return `decoded what cannot be read: ${describe(error)}`;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function checkError({ format, offset, message }: DecodeError): string | undefined {
  if (format === '' || message === '') return 'threw a DecodeError without a format or a message';
  return Number.isInteger(offset) && offset >= 0 ? undefined : `offset ${offset} is none`;
}

function checkSize(block: SpanBlock, inputBytes: number): string | undefined {
  const { attributes, events, links, spanCount, resources } = block;
  const bytes =
    attributes.string.values.length +
    attributes.complex.values.length +
    16 * attributes.int.keys.length +
    events.length +
    links.length +
    100 * spanCount +
    resources.attributes.string.values.length;
  const limit = 4096 + MAX_GROWTH * inputBytes;
  return bytes > limit ? `made ${bytes} bytes of ${inputBytes}` : undefined;
}

/** Everything that a search could look for is UTF-8. */
function checkTexts(block: SpanBlock): string | undefined {
  const { resources, scopes } = block;
  const dictionaries: DictionaryColumn[] = [block.service, block.name, block.statusMessage];
  dictionaries.push(block.traceState, resources.service, resources.schemaUrl);
  dictionaries.push(scopes.name, scopes.version, scopes.schemaUrl);
  for (const { string, int, double, bool, complex } of attributesOf(block)) {
    for (const { keys } of [string, int, double, bool, complex]) dictionaries.push(keys);
    if (!areTexts(string.values)) return 'stored a value that is not UTF-8';
  }
  for (const { dictionary } of dictionaries) {
    const entries = new ByteColumn();
    dictionary.writeTo(entries);
    if (!areTexts(entries)) return 'stored a name or a key that is not UTF-8';
  }
  return undefined;
}

function attributesOf({ attributes, resources, scopes }: SpanBlock): readonly AttributeColumns[] {
  return [attributes, resources.attributes, scopes.attributes];
}

function areTexts({ bytes }: ByteColumn): boolean {
  let at = 0;
  while (at < bytes.length) {
    let length = 0;
    for (let shift = 0, byte = 128; byte > 127; shift += 7) {
      byte = bytes[at++] ?? 0;
      length |= (byte & 127) << shift;
    }
    if (!isUtf8(bytes, at, at + length)) return false;
    at += length;
  }
  return at === bytes.length;
}

/** What was decoded is the same when it is written and read again, spans of one resource and scope together. */
function checkAgain(block: SpanBlock): string | undefined {
  const spans = readSpans(block);
  const again = new SpanBlock('default');
  decodeTracesProtobuf(encodeTracesProtobuf(spans), again, NO_DECODE_LIMITS);
  const scopes = [...groupSpans(spans).values()].flatMap((byScope) => [...byScope.values()]);
  return isDeepStrictEqual(readSpans(again), scopes.flat())
    ? undefined
    : 'is not the same when it is written and read again';
}
