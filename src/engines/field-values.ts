/**
 * The texts that a field of a document holds: its own, or each of a list's. Numbers and truth values are written out; objects and
 * nothing are left out. A name with dots finds both `{ "a.b": … }` and `{ "a": { "b": … } }`, through lists, too.
 *
 * @example
 * fieldValues({ sections: [{ text: 'One' }, { text: 'Two' }] }, 'sections.text'); // ['One', 'Two']
 */
export function fieldValues(document: unknown, field: string): string[] {
  return lookUp(document, field).flatMap((value) =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
        ? [String(value)]
        : [],
  );
}

function lookUp(value: unknown, field: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((entry) => lookUp(entry, field));
  if (typeof value !== 'object' || value === null) return [];
  if (Object.hasOwn(value, field)) return [(value as Record<string, unknown>)[field]].flat(Infinity);
  for (let dot = field.indexOf('.'); dot !== -1; dot = field.indexOf('.', dot + 1)) {
    const head = field.slice(0, dot);
    if (!Object.hasOwn(value, head)) continue;
    const found = lookUp((value as Record<string, unknown>)[head], field.slice(dot + 1));
    if (found.length > 0) return found;
  }
  return [];
}
