/** A real HTTP server with and without tracing, under load from another process. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { forkScript } from './fork-script.ts';
import { expectSpans } from './expect-spans.ts';
import type { LoadFigures } from './http-load.ts';
import { median } from './median.ts';
import { SUBJECTS } from './subjects.ts';

const ROUNDS = 3;
const REQUESTS = 20_000;
const WARM_UP_REQUESTS = 4000;

type Results = Record<string, Record<string, number>>;

/** Rounds of all subjects in turn, so that a slow moment of the machine is nobody's; medians. */
export async function benchHttp(): Promise<Results> {
  const values: Record<string, Record<string, number[]>> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const subject of SUBJECTS) {
      for (const [name, value] of Object.entries(await loadServer(subject))) {
        ((values[name] ??= {})[subject] ??= []).push(value);
      }
    }
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, bySubject]) => [
      name,
      Object.fromEntries(Object.entries(bySubject).map(([key, all]) => [key, median(all)])),
    ]),
  );
}

async function loadServer(subject: string): Promise<Record<string, number>> {
  const receiver = forkScript('receiver.ts', [], []);
  const [received] = (await once(receiver, 'message')) as [AddressInfo];
  const endpoint = `http://127.0.0.1:${received.port}`;
  const server = forkScript('http-server.ts', [subject, endpoint], []);
  try {
    const [address] = (await once(server, 'message')) as [AddressInfo];
    const counts = [WARM_UP_REQUESTS, REQUESTS].map(String);
    const load = forkScript('http-load.ts', [String(address.port), ...counts], []);
    await once(load, 'message');
    server.send('start');
    load.send('start');
    const [figures] = (await once(load, 'message')) as [LoadFigures];
    server.send('stop');
    const [cpuMicroseconds] = (await once(server, 'message')) as [number];
    load.disconnect();
    if (subject !== 'none') await expectSpans(endpoint, WARM_UP_REQUESTS + REQUESTS);
    return {
      'http server, requests a second': (REQUESTS * 1000) / figures.wallMs,
      'http server, p99 ms': figures.p99Ms,
      'http server, µs CPU a request': cpuMicroseconds / REQUESTS,
    };
  } finally {
    server.kill();
    receiver.kill();
  }
}
