/** A server that answers each request after a turn of the event loop, traced by the subject that it is told. */
import type * as http from 'node:http';
import { createRequire } from 'node:module';
import { SUBJECTS, setUp } from './subjects.ts';

const [name, endpoint = ''] = process.argv.slice(2);
const subject = SUBJECTS.find((known) => known === name) ?? 'none';
const flush = await setUp(subject, { endpoint, batchSize: undefined, withHttp: true });
// After the set-up, as an instrumentation wants it.
const { createServer } = createRequire(import.meta.url)('node:http') as typeof http;
const server: http.Server = createServer((_, response) => {
  setImmediate(() => response.end('{"id":42}'));
});
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));

let before = process.cpuUsage();
process.on('message', (message) => {
  if (message === 'start') {
    before = process.cpuUsage();
    return;
  }
  void stop();
});
process.on('disconnect', () => process.exit());

async function stop(): Promise<void> {
  await flush();
  const { user, system } = process.cpuUsage(before);
  process.send?.(user + system);
}
