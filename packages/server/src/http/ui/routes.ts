import { extname } from 'node:path';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { acceptsGzip } from '../json-response.ts';
import { CONTENT_TYPES, INDEX } from './static-files.ts';
import type { StaticFile, StaticFiles } from './static-files.ts';

/** Scripts and styles come from here and nowhere else, and none stand in a page. Who may frame it is said per page. */
const CONTENT_POLICY = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
];

export interface UiOptions {
  /** `undefined` when the UI has not been built. */
  readonly files: StaticFiles | undefined;
  /** Where the app is mounted. */
  readonly basePath: string;
  /** Whose pages may show in a frame what is meant for one (`?embed=1`), in the syntax of `frame-ancestors`. */
  readonly embedOrigins: readonly string[];
}

/**
 * Serves the UI: a file under its name, and the page for every other path, because the UI's own routes are paths too.
 */
export function createUiRoutes({ files, basePath, embedOrigins }: UiOptions): Hono {
  const app = new Hono();
  app.get('*', (context) => {
    if (files === undefined) return context.html(NOT_BUILT, 503);
    const name = readName(context.req.path.slice(basePath.length));
    const file = files.get(name === '' ? INDEX : name) ?? findPage(files, name);
    return file === undefined
      ? context.text('not found\n', 404)
      : sendFile(context, file, embedOrigins);
  });
  return app;
}

/** The path without its first slash; a broken escape is no file's name. */
function readName(path: string): string {
  try {
    return decodeURIComponent(path).replace(/^\//, '');
  } catch {
    // `%zz` is no more than an unknown path.
    return path;
  }
}

/** A path that ends like a file and is none must not get a page: a browser would run HTML as a script. */
function findPage(files: StaticFiles, name: string): StaticFile | undefined {
  return extname(name) in CONTENT_TYPES ? undefined : files.get(INDEX);
}

function sendFile(context: Context, file: StaticFile, embedOrigins: readonly string[]): Response {
  const headers = new Headers({
    etag: file.etag,
    'cache-control': file.cacheControl,
    vary: 'Accept-Encoding',
  });
  // Also with "not modified": a browser keeps what it was told last, and who may embed may have changed since.
  if (file.contentType.startsWith('text/html')) {
    const isEmbedded = context.req.query('embed') === '1';
    headers.set('content-security-policy', writePolicy(isEmbedded ? embedOrigins : []));
  }
  if (isKnown(context.req.header('if-none-match'), file.etag))
    return new Response(undefined, { status: 304, headers });
  headers.set('content-type', file.contentType);
  const isCompressed =
    file.gzipBody !== undefined && acceptsGzip(context.req.header('accept-encoding'));
  if (isCompressed) headers.set('content-encoding', 'gzip');
  return new Response(isCompressed ? file.gzipBody : file.body, { headers });
}

/** Pages of Clew may always frame it. The whole UI is for nobody else to frame: a page could be laid over its buttons. */
function writePolicy(embedOrigins: readonly string[]): string {
  const ancestors = ["'self'", ...embedOrigins].join(' ');
  return [...CONTENT_POLICY, `frame-ancestors ${ancestors}`].join('; ');
}

function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const known = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known.some((tag) => tag === etag || tag === '*');
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Clew</title></head>
  <body>
    <h1>The UI has not been built</h1>
    <p>Clew is running and receives spans. Build its UI with <code>npm run build -w @clew/web</code> and start it again;
    <code>npm start</code> does both.</p>
  </body>
</html>
`;
