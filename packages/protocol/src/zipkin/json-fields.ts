/** Fields of a span in JSON, taken as far as they make sense. What does not is left out and said in `changes`. */
import { shorten } from '@clew/model';
import { parseMicros } from './microseconds.ts';
import type { ZipkinAnnotation, ZipkinEndpoint } from './zipkin-span.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A list without what could not be taken. */
export interface JsonList<Item> {
  readonly items: readonly Item[];
  readonly droppedCount: number;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text, empty when it is left out. */
export function readText(parent: JsonObject, field: string, changes: string[]): string {
  const value = parent[field];
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  changes.push(`${field} was not text: ${isScalar(value) ? 'made text' : 'left out'}`);
  return isScalar(value) ? String(value) : '';
}

export function readFlag(parent: JsonObject, field: string): boolean {
  const value = parent[field];
  return value === true || value === 'true' || value === 1;
}

/** Microseconds as nanoseconds; `undefined` when it is left out. */
export function readMicros(
  parent: JsonObject,
  field: string,
  changes: string[],
): bigint | undefined {
  const value = parent[field];
  if (value === undefined || value === null) return undefined;
  const nanos = parseMicros(value);
  if (nanos === undefined) changes.push(`${field} was no number: left out`);
  return nanos;
}

export function readEndpoint(
  parent: JsonObject,
  field: string,
  changes: string[],
): ZipkinEndpoint | undefined {
  const value = parent[field];
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) {
    changes.push(`${field} was no object: left out`);
    return undefined;
  }
  return {
    serviceName: readText(value, 'serviceName', changes),
    ip: readText(value, 'ipv6', changes) || readText(value, 'ipv4', changes),
    port: readPort(value['port'], changes),
  };
}

/** Calls `read` with each object of a list field; what it answers `undefined` for is dropped and counted. */
export function readObjects<Item>(
  parent: JsonObject,
  field: string,
  changes: string[],
  read: (value: JsonObject) => Item | undefined,
): JsonList<Item> {
  const list = parent[field];
  if (list === undefined || list === null) return { items: [], droppedCount: 0 };
  if (!Array.isArray(list)) {
    changes.push(`${field} was no list: left out`);
    return { items: [], droppedCount: 1 };
  }
  const items: Item[] = [];
  for (const value of list as readonly unknown[]) {
    const item = isJsonObject(value) ? read(value) : undefined;
    if (item !== undefined) items.push(item);
  }
  const droppedCount = list.length - items.length;
  if (droppedCount > 0) changes.push(`${field} that made no sense: ${droppedCount} left out`);
  return { items, droppedCount };
}

/** An annotation must say something; one without a time is kept. */
export function readAnnotation(value: JsonObject): ZipkinAnnotation | undefined {
  const text = value['value'];
  if (!isScalar(text)) return undefined;
  return { timeNano: parseMicros(value['timestamp']), value: String(text) };
}

/** Texts, numbers, true and false: what can be written as text. */
export function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function readPort(sent: unknown, changes: string[]): number {
  if (sent === undefined || sent === null) return 0;
  const port = isScalar(sent) ? Number(sent) : Number.NaN;
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  const shown = isScalar(sent) ? ` ${shorten(String(sent))}` : '';
  changes.push(`port${shown} does not exist: left out`);
  return 0;
}
