import { z } from 'zod';
import { namedSchemas, type Schemas } from '../schemas/index.js';

type Json = Readonly<Record<string, unknown>>;

/** JSON Schemas of everything that has a name, and references to them. */
export interface Components {
  readonly schemas: Readonly<Record<string, Json>>;
  /** The reference to a named schema, or the schema itself. */
  readonly use: (schema: z.ZodType) => Json;
}

const referenceTo = (name: string): string => `#/components/schemas/${name}`;

export function createComponents(schemas: Schemas): Components {
  const registry = z.registry<{ id: string }>();
  const nameOf = new Map<z.ZodType, string>();
  for (const [name, schema] of Object.entries(namedSchemas(schemas))) {
    registry.add(schema, { id: name });
    nameOf.set(schema, name);
  }
  const converted = z.toJSONSchema(registry, { uri: referenceTo }).schemas;
  return {
    schemas: Object.fromEntries(
      Object.entries(converted).map(([name, schema]) => [name, withoutAddress(schema as Json)]),
    ),
    use: (schema) => {
      const name = nameOf.get(schema);
      return name === undefined ? withoutAddress(z.toJSONSchema(schema)) : { $ref: referenceTo(name) };
    },
  };
}

/** In an OpenAPI document a schema's address and dialect are those of the document. */
function withoutAddress(schema: Json): Json {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$id' && key !== '$schema'));
}
