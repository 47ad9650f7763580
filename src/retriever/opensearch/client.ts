import { VerbatimError } from '../../core/errors.js';

/** What is used of a `Client` of @opensearch-project/opensearch. */
export interface OpenSearchClient {
  readonly transport: {
    request(
      params: {
        readonly method: string;
        readonly path: string;
        readonly querystring?: Record<string, string>;
        readonly body?: Record<string, unknown>;
        readonly bulkBody?: string;
      },
      options?: { readonly requestTimeout?: number },
    ): PromiseLike<{ readonly body: unknown }> & { abort(): void };
  };
  readonly connectionPool: { readonly connections: readonly { readonly url: URL }[] };
  close(): Promise<void>;
}

interface ClientModule {
  readonly Client: new (options: {
    nodes: string[];
    maxRetries: number;
    auth?: { username: string; password: string };
  }) => OpenSearchClient;
}

/**
 * Loads the official client. It is an optional peer dependency: whoever has no OpenSearch need not install it.
 *
 * @param load - @defaultValue the import of the package
 * @throws VerbatimError `invalid-option`, saying how to install the package, if it is missing.
 */
export async function importClient(
  load: () => Promise<ClientModule> = () => import('@opensearch-project/opensearch'),
): Promise<ClientModule> {
  try {
    return await load();
  } catch (error) {
    throw new VerbatimError(
      'invalid-option',
      'Expected the package @opensearch-project/opensearch to be installed for the option node; ' +
        'install it with: npm install @opensearch-project/opensearch',
      error,
    );
  }
}
