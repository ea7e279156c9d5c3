import type { AddressInfo, Server } from 'node:net';
import type { ListenAddress } from './listener.ts';

/** Resolves with the port. Rejects with the system's error. */
export function listen(server: Server, { host, port }: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
