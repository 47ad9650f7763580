import type { SourceDocument } from '../../src/core/document.js';

export function changeOf(
  number: number,
): 'compact' | { readonly upsert: readonly SourceDocument[]; readonly remove: readonly string[] };
