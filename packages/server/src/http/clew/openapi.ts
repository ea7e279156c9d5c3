/**
 * The OpenAPI 3.1 document of Clew's API, generated from its routes, so that it cannot say anything else than the
 * server does. OpenAPI 3.1 schemas are JSON Schema, which zod writes.
 */
import { errorResponse } from '@clew/api';
import type { EventRoute, Route } from '@clew/api';
import { z } from 'zod';

/** JSON Schema, as far as it is looked into here. */
interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

// The document describes routes of any types and calls none of them.
type AnyRoute = Pick<
  Route<unknown, unknown, unknown>,
  | 'operationId'
  | 'summary'
  | 'method'
  | 'path'
  | 'pathParameters'
  | 'query'
  | 'response'
  | 'alternatives'
>;

type AnyEventRoute = EventRoute<unknown, Readonly<Record<string, unknown>>>;

export interface ApiDescription {
  readonly version: string;
  /** Where the routes live on this server: `/api/clew`, below the base path. */
  readonly serverUrl: string;
}

export function describeApi(
  routes: readonly (AnyRoute | AnyEventRoute)[],
  { version, serverUrl }: ApiDescription,
): Readonly<Record<string, unknown>> {
  const schemas: Record<string, JsonSchema> = {};
  const error = addSchema(schemas, 'Error', errorResponse);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const operations = (paths[route.path] ??= {});
    const method = 'events' in route ? 'get' : (route.method ?? 'get');
    operations[method] = describeRoute(route, schemas, error);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Clew',
      version,
      description: 'Find traces and read them.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: serverUrl }],
    paths,
    components: { schemas },
  };
}

function describeRoute(
  route: AnyRoute | AnyEventRoute,
  schemas: Record<string, JsonSchema>,
  error: JsonSchema,
): Readonly<Record<string, unknown>> {
  const { operationId, summary } = route;
  const isOfEvents = 'events' in route;
  return {
    operationId,
    summary,
    parameters: [
      ...(isOfEvents ? [] : describeParameters('path', route.pathParameters)),
      ...describeParameters('query', route.query),
    ],
    responses: {
      ...(isOfEvents ? describeEvents(route, schemas) : describeSuccess(route, schemas)),
      default: { description: 'A failure.', content: { 'application/json': { schema: error } } },
    },
  };
}

function describeSuccess(
  { operationId, response, alternatives = [] }: AnyRoute,
  schemas: Record<string, JsonSchema>,
): Readonly<Record<number, unknown>> {
  if (response instanceof z.ZodUndefined) return { 204: { description: 'It is done.' } };
  const schema = addSchema(schemas, `${capitalise(operationId)}Response`, response);
  const others = alternatives.map(({ mediaType, description }) => [
    mediaType,
    { schema: { description } },
  ]);
  return {
    200: {
      description: 'The answer.',
      content: { 'application/json': { schema }, ...Object.fromEntries(others) },
    },
  };
}

/** OpenAPI 3.1 has no words for events: one is described as an object, of which the stream has any number. */
function describeEvents(
  { operationId, events }: AnyEventRoute,
  schemas: Record<string, JsonSchema>,
): Readonly<Record<number, unknown>> {
  const oneOf = Object.entries(events).map(([name, { description, content }]) => {
    const schema = `${capitalise(operationId)}${capitalise(name)}Event`;
    const data = addSchema(schemas, schema, content);
    const properties = { event: { const: name }, data };
    return { type: 'object', description, properties, required: ['event', 'data'] };
  });
  const description = 'Server-sent events, each with its data as JSON on one line.';
  return { 200: { description, content: { 'text/event-stream': { schema: { oneOf } } } } };
}

function describeParameters(place: 'path' | 'query', schema: z.ZodType): unknown[] {
  const { properties = {}, required = [] } = toSchema(schema, 'input');
  return Object.entries(properties).map(([name, parameter]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: parameter,
  }));
}

/** Files a schema, and those it defines for itself, under `components`; returns a reference to it. */
function addSchema(
  schemas: Record<string, JsonSchema>,
  name: string,
  schema: z.ZodType,
): JsonSchema {
  const { $defs = {}, ...own } = toSchema(schema, 'output');
  const prefix = `#/components/schemas/${name}`;
  const file = (key: string, definition: JsonSchema): void => {
    // zod counts its own definitions up as `__schema0`; a reader is better served by `ErrorPart0`.
    schemas[key] = moveReferences(definition, prefix);
  };
  file(name, own);
  for (const [key, definition] of Object.entries($defs)) file(partName(name, key), definition);
  return { $ref: prefix };
}

function moveReferences(schema: JsonSchema, prefix: string): JsonSchema {
  const text = JSON.stringify(schema, (key, value: unknown) => {
    if (key !== '$ref' || typeof value !== 'string') return value;
    return partName(prefix, value.replace('#/$defs/', ''));
  });
  return JSON.parse(text) as JsonSchema;
}

function partName(name: string, definition: string): string {
  return `${name}${definition.replace('__schema', 'Part')}`;
}

function toSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io }) as JsonSchema;
  return json;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
