/**
 * Node's modules of HTTP, past the hooks of its loader. Imported, they would be shown to the hook that OpenTelemetry's instrumentations
 * need for ES modules, and its instrumentation of HTTP wraps a module that was shown before it was made a second time: each request
 * would be two spans.
 */
import type nodeHttp from 'node:http';
import type nodeHttps from 'node:https';

export const http: typeof nodeHttp = process.getBuiltinModule('node:http');
export const https: typeof nodeHttps = process.getBuiltinModule('node:https');
