import { describe, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { Citation } from '../../src/core/citation.js';
import type { RetrievedPassage, TermContribution } from '../../src/core/passage.js';
import type { Answer, Candidate, NoAnswer, PassageDecision } from '../../src/pipeline/index.js';
import type { DocumentPage, DocumentSummary } from '../../src/retriever/index.js';
import type { documentList, documentSummary } from '../../src/server/schemas/responses.js';
import type * as wire from '../../src/wire/result.js';

/** The compiler checks these: a field that the library's results gain, or lose, must be described. */
describe('response schemas', () => {
  it('have exactly the fields of the types that are sent', () => {
    expectTypeOf<keyof z.infer<typeof wire.citation>>().toEqualTypeOf<keyof Citation>();
    expectTypeOf<keyof z.infer<typeof wire.candidate>>().toEqualTypeOf<keyof Candidate>();
    expectTypeOf<keyof z.infer<typeof wire.termContribution>>().toEqualTypeOf<keyof TermContribution>();
    expectTypeOf<keyof z.infer<typeof wire.retrievedPassage>>().toEqualTypeOf<keyof RetrievedPassage>();
    expectTypeOf<keyof z.infer<typeof wire.passageDecision>>().toEqualTypeOf<keyof PassageDecision>();
    expectTypeOf<keyof z.infer<typeof wire.answer>>().toEqualTypeOf<keyof Answer | 'answerId'>();
    expectTypeOf<keyof z.infer<typeof wire.noAnswer>>().toEqualTypeOf<keyof NoAnswer | 'answerId'>();
    expectTypeOf<keyof z.infer<typeof documentSummary>>().toEqualTypeOf<keyof DocumentSummary>();
    expectTypeOf<keyof z.infer<typeof documentList>>().toEqualTypeOf<keyof DocumentPage>();
  });
});
