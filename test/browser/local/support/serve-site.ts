import { onTestFinished } from 'vitest';
import { startSiteServer, type SiteServer, type SiteServerOptions } from './site-server.js';

/** A server of static files that closes when the test ends. */
export async function serveSite(folder: string, options?: SiteServerOptions): Promise<SiteServer> {
  const server = await startSiteServer(folder, options);
  onTestFinished(() => server.stop());
  return server;
}
