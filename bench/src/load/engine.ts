import { join } from 'node:path';
import { Session } from 'chdb';

/** The database of a store. */
export const DATABASE = 'clew';

/** With the server's own configuration, because it says how parts are compressed. */
export function openEngine(dataDir: string): Session {
  const connectionArgs = [`--config-file=${join(dataDir, 'engine.xml')}`];
  const session = new Session(join(dataDir, 'engine'), { connectionArgs });
  session.query(`USE ${DATABASE}`);
  return session;
}

export function select<Row>(session: Session, query: string): Row[] {
  return session
    .query(query, 'JSONEachRow')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}
