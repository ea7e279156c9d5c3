/**
 * The built UI, read once into memory: about a megabyte. A request can only name a file that was found at start, so no
 * path leads out of the directory.
 */
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export interface StaticFile {
  readonly body: Buffer<ArrayBuffer>;
  /** Absent where compression saves nothing. */
  readonly gzipBody: Buffer<ArrayBuffer> | undefined;
  readonly contentType: string;
  /** With its quotes. */
  readonly etag: string;
  readonly cacheControl: string;
}

/** What the page is told when it is served. */
export interface PageSettings {
  /** Empty, or with a slash in front and none at the end. */
  readonly basePath: string;
  /** Where the receivers listen, for the first steps that an empty store shows; `undefined` when they do not. */
  readonly otlpHttpPort: number | undefined;
  readonly otlpGrpcPort: number | undefined;
}

/** Files by their path below the base path, without a slash in front. */
export type StaticFiles = ReadonlyMap<string, StaticFile>;

export const INDEX = 'index.html';

/** Of the files the UI is built from; what has another ending is sent as bytes. */
export const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

const COMPRESSED = new Set(['.woff2', '.png', '.ico']);
const compress = promisify(gzip);
const YEAR_SECONDS = 31_536_000;

/** Reads the built UI; `undefined` when `directory` holds none. */
export async function loadStaticFiles(
  directory: string,
  settings: PageSettings,
): Promise<StaticFiles | undefined> {
  const names = await listFiles(directory);
  if (!names.includes(INDEX)) return undefined;
  const files = names.map(async (name): Promise<[string, StaticFile]> => {
    const content = await readFile(join(directory, name));
    return [name, await toStaticFile(name, name === INDEX ? fillPage(content, settings) : content)];
  });
  return new Map(await Promise.all(files));
}

async function listFiles(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
      .map((name) => name.replaceAll(sep, '/'));
  } catch {
    // No directory is the ordinary state of a checkout in which the UI has not been built.
    return [];
  }
}

async function toStaticFile(name: string, body: Buffer<ArrayBuffer>): Promise<StaticFile> {
  const extension = extname(name);
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 22);
  const gzipBody = COMPRESSED.has(extension) ? undefined : await compress(body);
  return {
    body,
    gzipBody: gzipBody !== undefined && gzipBody.length < body.length ? gzipBody : undefined,
    contentType: CONTENT_TYPES[extension] ?? 'application/octet-stream',
    etag: `"${hash}"`,
    // Files under assets/ carry a hash of their content in their names.
    cacheControl: name.startsWith('assets/')
      ? `public, max-age=${YEAR_SECONDS}, immutable`
      : 'no-cache',
  };
}

/** Everything in the page is relative to its base, so one build works under any base path. */
function fillPage(
  page: Buffer,
  { basePath, otlpHttpPort, otlpGrpcPort }: PageSettings,
): Buffer<ArrayBuffer> {
  const base = `<base href="${basePath}/" />`;
  const html = page.toString('utf8');
  const based = /<base\b[^>]*>/.test(html)
    ? html.replace(/<base\b[^>]*>/, base)
    : html.replace(/<head\b[^>]*>/, (head) => `${head}\n    ${base}`);
  return Buffer.from(
    setMeta(
      setMeta(based, 'clew-otlp-http-port', otlpHttpPort),
      'clew-otlp-grpc-port',
      otlpGrpcPort,
    ),
  );
}

function setMeta(html: string, name: string, value: number | undefined): string {
  const tag = new RegExp(`<meta\\s+name="${name}"\\s+content="[^"]*"\\s*/?>`);
  return html.replace(tag, `<meta name="${name}" content="${value ?? ''}" />`);
}
