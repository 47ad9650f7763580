/** Postings of one field, by term: those of term t stand from `starts[t]` to `starts[t + 1]`. */
export interface Field {
  readonly starts: Uint32Array;
  readonly ordinals: Uint32Array;
  readonly frequencies: Uint16Array;
  /** Length in terms, by unit. */
  readonly lengths: Uint32Array;
  readonly averageLength: number;
  /** The terms of all units in their order; those of unit u begin at `offsets[u]`. */
  readonly tokens: Uint32Array;
  readonly offsets: Uint32Array;
}

/** An inverted index in memory, one or more fields over one vocabulary. The last field holds the text. */
export interface LexicalIndex {
  readonly size: number;
  readonly terms: readonly string[];
  readonly termIds: ReadonlyMap<string, number>;
  readonly fields: readonly Field[];
  readonly text: Field;
}

/**
 * @param units - the texts of each unit's fields, the same number for all.
 * @param analyze - text to terms.
 */
export function buildIndex(
  units: readonly (readonly string[])[],
  analyze: (text: string) => readonly string[],
): LexicalIndex {
  const termIds = new Map<string, number>();
  const idOf = (term: string): number => {
    const known = termIds.get(term);
    if (known !== undefined) return known;
    termIds.set(term, termIds.size);
    return termIds.size - 1;
  };
  const names = units[0]?.keys() ?? [];
  const analysed = Array.from(names, (field) =>
    units.map((texts) => Uint32Array.from(analyze(texts[field] ?? ''), idOf)),
  );
  const fields = analysed.map((tokens) => buildField(tokens, termIds.size));
  const text = fields.at(-1);
  if (text === undefined) throw new Error('Expected at least one unit with one field.');
  return { size: units.length, terms: [...termIds.keys()], termIds, fields, text };
}

function buildField(units: readonly Uint32Array[], termCount: number): Field {
  const lengths = Uint32Array.from(units, (tokens) => tokens.length);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const tokens = new Uint32Array(total);
  const offsets = new Uint32Array(units.length + 1);
  const counts = units.map(countTerms);
  const starts = new Uint32Array(termCount + 1);
  for (const unit of counts) for (const term of unit.keys()) starts[term + 1] = (starts[term + 1] ?? 0) + 1;
  for (let term = 0; term < termCount; term++)
    starts[term + 1] = (starts[term + 1] ?? 0) + (starts[term] ?? 0);
  const next = starts.slice();
  const ordinals = new Uint32Array(starts[termCount] ?? 0);
  const frequencies = new Uint16Array(ordinals.length);
  let offset = 0;
  units.forEach((unit, ordinal) => {
    tokens.set(unit, offset);
    offset += unit.length;
    offsets[ordinal + 1] = offset;
    for (const [term, count] of counts[ordinal] ?? []) {
      const at = next[term] ?? 0;
      next[term] = at + 1;
      ordinals[at] = ordinal;
      frequencies[at] = count;
    }
  });
  return {
    starts,
    ordinals,
    frequencies,
    lengths,
    averageLength: total / units.length,
    tokens,
    offsets,
  };
}

function countTerms(tokens: Uint32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const term of tokens) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

/** In how many units a term stands, in any field: exact with one field, else the largest of the fields. */
export function unitFrequency(index: LexicalIndex, term: number): number {
  return Math.max(...index.fields.map(({ starts }) => (starts[term + 1] ?? 0) - (starts[term] ?? 0)));
}
