import type { Response } from 'supertest';

/** A response whose body nobody has looked at yet. */
export interface Reply {
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

export function reply({ body, headers, text }: Response): Reply {
  return { body: body as unknown, headers: headers, text };
}
