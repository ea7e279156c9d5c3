/** Asks a server as fast as it answers, over a few connections that stay open. */
import http from 'node:http';

export interface LoadFigures {
  readonly wallMs: number;
  readonly p99Ms: number;
}

const CONNECTIONS = 16;
const [port, warmUpCount = 0, count = 0] = process.argv.slice(2).map(Number);
const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });

process.on('disconnect', () => process.exit());
await run(warmUpCount);
process.send?.('warm');
process.on('message', () => void run(count).then((figures) => process.send?.(figures)));

async function run(requests: number): Promise<LoadFigures> {
  const took: number[] = [];
  let left = requests;
  const startMs = performance.now();
  const ask = async (): Promise<void> => {
    while (left-- > 0) {
      const beganMs = performance.now();
      await get();
      took.push(performance.now() - beganMs);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, ask));
  took.sort((a, b) => a - b);
  const p99Ms = took[Math.floor(took.length * 0.99)] ?? Number.NaN;
  return { wallMs: performance.now() - startMs, p99Ms };
}

function get(): Promise<void> {
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, path: '/users/42', agent }, (response) => {
        response.resume().once('end', resolve);
      })
      .once('error', reject);
  });
}
