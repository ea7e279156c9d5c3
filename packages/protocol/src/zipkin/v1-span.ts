import type { AttributeValue } from '@clew/model';
import type { ZipkinAnnotation, ZipkinEndpoint, ZipkinIds } from './zipkin-span.ts';

/** Something that happened, and who says so. Some values, such as `cs`, mean the begin or end of a call. */
export interface V1Annotation extends ZipkinAnnotation {
  readonly endpoint: ZipkinEndpoint | undefined;
}

/** A tag, and who says so; or without a value the address of the other side: `sa`, `ca` or `ma`. */
export interface V1BinaryAnnotation {
  readonly key: string;
  readonly value: AttributeValue | undefined;
  readonly endpoint: ZipkinEndpoint | undefined;
}

/**
 * A span in the shape of Zipkin's first version: it has no kind and no endpoint, these are read from its annotations,
 * and it may hold both sides of a call.
 *
 * https://github.com/openzipkin/zipkin-api/blob/master/thrift/zipkinCore.thrift
 */
export interface V1Span extends ZipkinIds {
  readonly name: string;
  readonly startNano: bigint | undefined;
  readonly durationNano: bigint | undefined;
  readonly annotations: readonly V1Annotation[];
  readonly binaryAnnotations: readonly V1BinaryAnnotation[];
  readonly droppedTagsCount: number;
  readonly droppedAnnotationsCount: number;
  readonly debug: boolean;
  readonly changes: readonly string[];
}

/** The keys of addresses: of the server, the client, the message broker. */
export const ADDRESS_KEYS: ReadonlySet<string> = new Set(['sa', 'ca', 'ma']);
