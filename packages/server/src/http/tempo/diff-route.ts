import { parseTraceId } from '@clew/model';
import type { TraceId } from '@clew/model';
import type { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import type { TraceQueries } from '../../query/trace-queries.ts';
import { jsonResponse } from '../json-response.ts';
import { textResponse } from './answer.ts';
import { refuse } from './parameters.ts';
import { toTracePatch } from './trace-patch.ts';

const PATH = '/api/v2/traces/diff';
const MAX_REQUEST_BYTES = 64 * 1024;
const FORMAT = 'trace-patch-v0';

const SIDE = z.object({ traceId: z.string().optional(), traceID: z.string().optional() });
const REQUEST = z.object({ base: SIDE, compare: SIDE, format: z.string().default(FORMAT) });

/** Of Tempo's three formats the whole patch is given; the others summarize it. */
export function mountDiff(app: Hono, { queries }: { readonly queries: TraceQueries }): void {
  app.use(PATH, bodyLimit({ maxSize: MAX_REQUEST_BYTES }));
  app.post(PATH, async (context) => {
    const { base, compare, format } = readRequest(await context.req.text());
    if (format !== FORMAT) return textResponse(`unsupported format: expected ${FORMAT}\n`, 501);
    const [baseId, compareId] = [requireId('base', base), requireId('compare', compare)];
    const options = { signal: context.req.raw.signal };
    const baseTrace = await queries.readTrace(baseId, options);
    const compareTrace = await queries.readTrace(compareId, options);
    const acceptEncoding = context.req.header('accept-encoding');
    return jsonResponse(toTracePatch(baseTrace, compareTrace), { acceptEncoding });
  });
  app.all(PATH, () => textResponse('method not allowed\n', 405));
}

function readRequest(text: string): z.output<typeof REQUEST> {
  try {
    return REQUEST.parse(JSON.parse(text));
  } catch {
    throw refuse('body', 'invalid request: expected JSON with "base" and "compare"');
  }
}

function requireId(name: string, { traceId, traceID }: z.output<typeof SIDE>): TraceId {
  const id = parseTraceId(traceId ?? traceID ?? '');
  if (id !== undefined) return id;
  throw refuse(name, `invalid request: "${name}" needs a traceId in hex`);
}
