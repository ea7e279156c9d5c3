import type { IncomingMessage } from 'node:http';
import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import { suppressTracing } from '../context/suppress-tracing.ts';
import { describeError } from '../export/describe-error.ts';
import { http, https } from '../node-http.ts';

export type TextAnswer =
  | { readonly status: 'success'; readonly text: string }
  | { readonly status: 'failure'; readonly message: string };

/** An answer that is longer than this is not one of strategies. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * Asks an address for a text, within `timeoutMs` for all of it. Nobody traces the request, and it does not keep the process alive.
 * Never rejects.
 */
export async function fetchText(url: URL, timeoutMs: number): Promise<TextAnswer> {
  try {
    const text = await context.with(suppressTracing(ROOT_CONTEXT), () => get(url, timeoutMs));
    return { status: 'success', text };
  } catch (cause) {
    return { status: 'failure', message: describeError(cause) };
  }
}

function get(url: URL, timeoutMs: number): Promise<string> {
  const { request: start } = url.protocol === 'https:' ? https : http;
  return new Promise<string>((resolve, reject) => {
    const request = start(url, { headers: { accept: 'application/json' }, agent: false });
    const timer = setTimeout(
      () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)),
      timeoutMs,
    ).unref();
    request.once('socket', (socket) => socket.unref());
    request.on('error', reject);
    let isAnswered = false;
    request.once('close', () => {
      clearTimeout(timer);
      // The end of an answer is told to its reader, and perhaps only after this.
      if (!isAnswered) reject(new Error('the connection was closed before an answer came'));
    });
    request.once('response', (response) => {
      isAnswered = true;
      readText(response).then(resolve, reject);
    });
    request.end();
  });
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    sizeBytes += chunk.byteLength;
    if (sizeBytes > MAX_BODY_BYTES) throw new Error('the answer is too large');
  }
  if (response.statusCode !== 200) throw new Error(`the answer is ${response.statusCode}`);
  return Buffer.concat(chunks).toString('utf8');
}
