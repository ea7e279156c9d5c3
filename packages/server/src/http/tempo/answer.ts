import type { ErrorResponse } from '@clew/api';
import { NotFoundError, QuerySyntaxError } from '@clew/model';
import type { TempoAnswer } from '@clew/protocol';
import type { Context } from 'hono';
import type { Logger } from '../../telemetry/log.ts';
import { chooseMediaType } from '../choose-media-type.ts';
import { toErrorAnswer } from '../error-response.ts';
import { bytesResponse, jsonResponse } from '../json-response.ts';

export const PROTOBUF = 'application/protobuf';

/** A message in the form that is asked for: JSON unless the request names protobuf. */
export function answerMessage<Value>(
  context: Context,
  form: TempoAnswer<Value>,
  value: Value,
): Promise<Response> {
  const acceptEncoding = context.req.header('accept-encoding');
  if (!wantsProtobuf(context)) return jsonResponse(form.toJson(value), { acceptEncoding });
  return bytesResponse(form.encode(value), { contentType: PROTOBUF, acceptEncoding });
}

export function wantsProtobuf(context: Context): boolean {
  const accept = context.req.header('accept');
  return chooseMediaType(accept, 'application/json', [PROTOBUF]) === PROTOBUF;
}

/** A failure, as plain text. */
export function answerError(error: unknown, log: Logger): Response {
  const { status, body } = toErrorAnswer(error, log);
  return textResponse(`${sayWhy(error, body.error)}\n`, status);
}

function sayWhy(error: unknown, { message, suggestion }: ErrorResponse['error']): string {
  if (error instanceof QuerySyntaxError) {
    const meant = suggestion === undefined ? '' : `; perhaps ${suggestion} is meant`;
    return `invalid TraceQL query: ${message}${meant}`;
  }
  return error instanceof NotFoundError ? `${error.kind} not found` : message;
}

export function textResponse(text: string, status = 200): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}
