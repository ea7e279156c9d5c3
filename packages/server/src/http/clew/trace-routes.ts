/** One trace, in the form that is asked for: of any size, but for the columns, piece by piece. */
import { TRACE_MEDIA_TYPES, readTrace } from '@clew/api';
import type { TraceId } from '@clew/model';
import { encodeTracesProtobuf } from '@clew/protocol';
import type { Hono } from 'hono';
import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import type { Logger } from '../../telemetry/log.ts';
import { piecewiseResponse } from '../piecewise-response.ts';
import type { Piece } from '../piecewise-response.ts';
import { acceptsMediaType } from './accepts-media-type.ts';
import { parseParameters } from './parse-parameters.ts';
import { readTraceId, toPattern } from './route-path.ts';
import { encodeTraceColumns } from './trace-columns.ts';
import { traceJsonPieces } from './trace-json.ts';

export interface TraceRoutesOptions {
  readonly queries: TraceQueries;
  readonly log: Logger;
}

interface TraceForm {
  readonly mediaType: string;
  readonly write: (
    queries: TraceQueries,
    traceId: TraceId,
    options: QueryOptions,
  ) => AsyncGenerator<Piece>;
}

const JSON_FORM: TraceForm = {
  mediaType: 'application/json',
  write: (queries, traceId, options) =>
    traceJsonPieces(traceId, queries.streamTrace(traceId, options)),
};

/** For those who name them. */
const OTHER_FORMS: readonly TraceForm[] = [
  {
    mediaType: TRACE_MEDIA_TYPES.columns,
    async *write(queries, traceId, options) {
      yield* encodeTraceColumns(await queries.readTraceColumns(traceId, options));
    },
  },
  {
    // For exports: all that OpenTelemetry says of the spans, and quicker to write and to read than JSON. Messages one after the
    // other are one message.
    mediaType: TRACE_MEDIA_TYPES.protobuf,
    async *write(queries, traceId, options) {
      for await (const spans of queries.streamTrace(traceId, options))
        yield encodeTracesProtobuf(spans);
    },
  },
];

export function mountTrace(app: Hono, { queries, log }: TraceRoutesOptions): void {
  app.get(toPattern(readTrace.path), (context) => {
    const given = { traceId: [context.req.param('traceId') ?? ''] };
    const path = parseParameters(readTrace.pathParameters, given);
    parseParameters(readTrace.query, context.req.queries());
    const accept = context.req.header('accept');
    const form =
      OTHER_FORMS.find(({ mediaType }) => acceptsMediaType(accept, mediaType)) ?? JSON_FORM;
    const { signal } = context.req.raw;
    const pieces = form.write(queries, readTraceId(path.traceId), { signal });
    return piecewiseResponse(context, pieces, { contentType: form.mediaType, log });
  });
}
