/**
 * Tags carry everything that Zipkin's spans have no field for: here they are told apart. What OpenTelemetry's exporters
 * to Zipkin wrote into tags comes back to where it was.
 *
 * https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/zipkin/
 * https://opentelemetry.io/docs/specs/otel/common/mapping-to-non-otlp/
 */
import type { AttributeValue, SpanStatus } from '@clew/model';
import { formatScalar } from './format-scalar.ts';
import { RESOURCE_TAGS } from './resource-tags.ts';

/** In front of the number of a link that the Collector's exporter wrote into a tag. */
const LINK_PREFIX = 'otlp.link.';

const STATUS_CODES: ReadonlyMap<string, SpanStatus> = new Map([
  ['0', 'unset'],
  ['1', 'ok'],
  ['2', 'error'],
  ['UNSET', 'unset'],
  ['OK', 'ok'],
  ['ERROR', 'error'],
  ['STATUS_CODE_UNSET', 'unset'],
  ['STATUS_CODE_OK', 'ok'],
  ['STATUS_CODE_ERROR', 'error'],
]);

/** Values of the tag `error` that only say whether there was one. */
const PLAIN_ERRORS: ReadonlySet<string> = new Set(['', 'true', 'false']);

export interface Status {
  readonly status: SpanStatus;
  readonly statusMessage: string;
}

/** The tags of one span. What is taken from it is no attribute of the span any more. */
export class SortedTags {
  readonly attributes: Map<string, AttributeValue> = new Map();
  readonly resource: Map<string, AttributeValue> = new Map();
  /** The values of link tags, by key. */
  readonly links: Map<string, string> = new Map();

  constructor(tags: ReadonlyMap<string, AttributeValue>) {
    for (const [key, value] of tags) {
      if (RESOURCE_TAGS.has(key)) this.resource.set(key, value);
      else if (key.startsWith(LINK_PREFIX) && value.type === 'string')
        this.links.set(key, value.value);
      else this.attributes.set(key, value);
    }
  }

  /** Takes a tag's text out of the attributes, if it is there. */
  take(key: string): string | undefined {
    const text = this.#peek(key);
    if (text !== undefined) this.attributes.delete(key);
    return text;
  }

  /** Takes the first of two tags that is there. */
  takeEither(key: string, olderKey: string): string {
    const older = this.take(olderKey);
    return this.take(key) ?? older ?? '';
  }

  /** Takes a count, 0 when there is none or what is there is no count. */
  takeCount(key: string): number {
    const text = this.#peek(key);
    if (text === undefined || !/^\d{1,9}$/.test(text)) return 0;
    this.attributes.delete(key);
    return Number(text);
  }

  /**
   * Takes the status. The tag `error` makes it an error, unless it says `false`; its text is the message, and it stays
   * an attribute when it says more than `true` and was not written for a status of OpenTelemetry's.
   */
  takeStatus(): Status {
    const code = STATUS_CODES.get((this.#peek('otel.status_code') ?? '').toUpperCase());
    if (code !== undefined) this.attributes.delete('otel.status_code');
    const error = this.#peek('error') ?? 'false';
    const message = PLAIN_ERRORS.has(error) ? '' : error;
    const isError = code === 'error' || error !== 'false';
    if (isError && (message === '' || code !== undefined)) this.attributes.delete('error');
    const status = isError ? 'error' : (code ?? 'unset');
    if (status === 'unset') return { status, statusMessage: '' };
    return { status, statusMessage: this.take('otel.status_description') ?? message };
  }

  #peek(key: string): string | undefined {
    const value = this.attributes.get(key);
    return value === undefined ? undefined : formatScalar(value);
  }
}
