import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import type { Express } from 'express';
import request, { type Response, type Test } from 'supertest';

// The package is CommonJS, whose default export TypeScript takes for the module.
const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;

type Method = 'get' | 'post' | 'put' | 'delete';

interface Operation {
  readonly responses: Readonly<Record<string, { content?: Readonly<Record<string, unknown>> }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** supertest that holds every response against the OpenAPI document that the app serves. */
export type Client = Readonly<Record<Method, (path: string) => Test>>;

/** @param headers - sent with every request, such as an API key. */
export async function contractClient(
  app: Express,
  headers: Readonly<Record<string, string>> = {},
): Promise<Client> {
  const server = request(app);
  const { body } = (await server.get('/openapi.json').expect(200)) as { body: Document };
  const contract = new Contract(body);
  const of =
    (method: Method) =>
    (path: string): Test =>
      server[method](path)
        .set(headers)
        .expect((response) => contract.check(method, path, response));
  return { get: of('get'), post: of('post'), put: of('put'), delete: of('delete') };
}

/** An OpenAPI document as a judge of responses. */
export class Contract {
  readonly #document: Document;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor(document: Document) {
    this.#document = document;
    addFormats(this.#ajv);
    this.#ajv.addSchema(document, 'openapi');
  }

  /** Every operation: `post /v1/answer`. */
  get operations(): string[] {
    return Object.entries(this.#document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
  }

  /** A schema by its name. */
  schema(name: string): ValidateFunction {
    return this.#compile(`/components/schemas/${name}`);
  }

  /** @throws Error if the document knows no such response, or says that it looks otherwise. */
  check(method: Method, path: string, response: Response): void {
    const template = this.#templateOf(path);
    const operation = template === undefined ? undefined : this.#document.paths[template]?.[method];
    const type = /^[^;]*/.exec(response.headers['content-type'] ?? '')?.[0] ?? '';
    if (template === undefined || operation === undefined) {
      // What the document does not list is refused.
      if (response.status < 400) throw new Error(`${method} ${path} is not in the OpenAPI document.`);
      this.#expect(this.schema('Problem'), response.body);
      return;
    }
    const { status } = response;
    const key = [String(status), `${Math.floor(status / 100)}XX`].find((name) => name in operation.responses);
    if (key === undefined) throw new Error(`${method} ${template} may not answer ${status}.`);
    const content = operation.responses[key]?.content;
    if (content === undefined) {
      if (response.text !== '')
        throw new Error(`${method} ${template} may not answer ${status} with a body.`);
      return;
    }
    if (!(type in content)) throw new Error(`${method} ${template} may not answer ${status} with ${type}.`);
    const validate = this.#compile(
      ['', 'paths', template, method, 'responses', key, 'content', type, 'schema'].map(escaped).join('/'),
    );
    if (type === 'application/x-ndjson') {
      for (const line of response.text.trimEnd().split('\n')) this.#expect(validate, JSON.parse(line));
    } else {
      this.#expect(validate, type.endsWith('json') ? response.body : response.text);
    }
  }

  #templateOf(path: string): string | undefined {
    const [bare = ''] = path.split('?');
    return Object.keys(this.#document.paths).find((template) =>
      new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(bare),
    );
  }

  #compile(pointer: string): ValidateFunction {
    return this.#ajv.compile({ $ref: `openapi#${pointer}` });
  }

  #expect(validate: ValidateFunction, value: unknown): void {
    if (!validate(value)) {
      throw new Error(`The response breaks the OpenAPI document: ${this.#ajv.errorsText(validate.errors)}`);
    }
  }
}

function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
