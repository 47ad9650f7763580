import type { TestProject } from 'vitest/node';
import { PostgresServer } from '../support/postgres-server.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a PostgreSQL that all tests share: each uses tables of its own. */
    postgres: PostgresServer['address'];
  }
}

export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  const server = await PostgresServer.start();
  provide('postgres', server.address);
  return () => server.close();
}
