/** Answers of Jaeger's JSON API, version 1. Errors are the same envelope, sent as plain text: its clients have always got that. */
import { NotFoundError } from '@clew/model';
import type { Context } from 'hono';
import type { Logger } from '../../telemetry/log.ts';
import { toErrorAnswer } from '../error-response.ts';
import { jsonResponse } from '../json-response.ts';
import { wrapError } from './envelope.ts';

export function answer(context: Context, value: unknown): Promise<Response> {
  return jsonResponse(value, {
    acceptEncoding: context.req.header('accept-encoding'),
    indent: isPretty(context) ? 4 : undefined,
  });
}

export function isPretty(context: Context): boolean {
  const given = context.req.query('prettyPrint') ?? '';
  return given !== '' && given !== 'false';
}

/** Jaeger never indents errors. */
export function answerError(error: unknown, log: Logger): Promise<Response> {
  const { status, body } = toErrorAnswer(error, log);
  const msg = messageOf(error) ?? body.error.message;
  return errorResponse(wrapError({ code: status, msg }), status);
}

/** An error as Go's library sends it. */
export function errorResponse(body: unknown, status: number): Promise<Response> {
  return jsonResponse(body, {
    status,
    contentType: 'text/plain; charset=utf-8',
    acceptEncoding: undefined,
  });
}

/** Jaeger's words for what everybody is told; undefined for others. */
export function messageOf(error: unknown): string | undefined {
  const isOfTrace = error instanceof NotFoundError && error.kind === 'trace';
  return isOfTrace ? 'trace not found' : undefined;
}

/** What Go's router says of a path that nobody answers. */
export function answerUnknownPath(context: Context): Response {
  return context.text('404 page not found\n', 404, {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
  });
}
