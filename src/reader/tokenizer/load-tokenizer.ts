import { z } from 'zod';
import { received, VerbatimError } from '../../core/errors.js';
import { bertWords, type BertNormalization } from './bert-words.js';
import { EncodingBuilder, type Encoding, type Tokenizer } from './types.js';
import { addWordPieces, type WordPieceModel } from './word-piece.js';

/** The part of Hugging Face's tokenizer.json that is read. Truncation and padding are decided by the reader, not by the file. */
const tokenizerSchema = z.object({
  added_tokens: z
    .array(
      z.object({
        id: z.int(),
        content: z.string().min(1),
        single_word: z.boolean().default(false),
        lstrip: z.boolean().default(false),
        rstrip: z.boolean().default(false),
      }),
    )
    .default([]),
  normalizer: z
    .looseObject({
      type: z.string(),
      clean_text: z.boolean().optional(),
      handle_chinese_chars: z.boolean().optional(),
      strip_accents: z.boolean().nullish(),
      lowercase: z.boolean().optional(),
    })
    .nullish(),
  pre_tokenizer: z.looseObject({ type: z.string() }).nullish(),
  model: z.looseObject({
    type: z.string().optional(),
    unk_token: z.string().nullish(),
    continuing_subword_prefix: z.string().nullish(),
    max_input_chars_per_word: z.int().optional(),
    vocab: z.record(z.string(), z.int()).or(z.array(z.unknown())),
  }),
});

type TokenizerFile = z.infer<typeof tokenizerSchema>;
type AddedToken = TokenizerFile['added_tokens'][number];

/**
 * Builds a tokenizer from a parsed tokenizer.json.
 *
 * @param name - names the file in errors.
 * @throws VerbatimError `model-unsupported` naming the tokenizer's type if it is none of ours, `model-damaged` if the file is not whole.
 */
export function loadTokenizer(json: unknown, name: string): Tokenizer {
  const parsed = tokenizerSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new VerbatimError(
      'model-damaged',
      `${name} is not a tokenizer.json: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}.`,
    );
  }
  const file = parsed.data;
  const type = file.model.type ?? 'unknown';
  if (
    type !== 'WordPiece' ||
    file.normalizer?.type !== 'BertNormalizer' ||
    file.pre_tokenizer?.type !== 'BertPreTokenizer'
  ) {
    throw new VerbatimError(
      'model-unsupported',
      `${name}: tokenizer of type ${received(type)} is not supported; expected WordPiece with BERT's normalizer and pre-tokenizer.`,
    );
  }
  return new BertTokenizer(file, name);
}

/** WordPiece tokenizer of BERT and its relatives. */
class BertTokenizer implements Tokenizer {
  readonly clsId: number;
  readonly sepId: number;
  readonly vocabularySize: number;
  readonly #normalization: BertNormalization;
  readonly #model: WordPieceModel;
  readonly #addedTokens: readonly AddedToken[];
  readonly #addedPattern: RegExp | undefined;

  constructor(file: TokenizerFile, name: string) {
    const vocabulary = new Map(Object.entries(file.model.vocab as Record<string, number>));
    const idOf = (token: string): number => {
      const id = file.added_tokens.find((added) => added.content === token)?.id ?? vocabulary.get(token);
      if (id === undefined)
        throw new VerbatimError('model-damaged', `${name}: the vocabulary has no ${token}.`);
      return id;
    };
    const lowercase = file.normalizer?.lowercase ?? true;
    this.#normalization = {
      cleanText: file.normalizer?.clean_text ?? true,
      handleChineseChars: file.normalizer?.handle_chinese_chars ?? true,
      stripAccents: file.normalizer?.strip_accents ?? lowercase,
      lowercase,
    };
    this.#model = {
      vocabulary,
      unknownId: idOf(file.model.unk_token ?? '[UNK]'),
      continuingPrefix: file.model.continuing_subword_prefix ?? '##',
      maxCharactersPerWord: file.model.max_input_chars_per_word ?? 100,
    };
    this.#addedTokens = file.added_tokens;
    this.#addedPattern = addedTokenPattern(file.added_tokens);
    this.clsId = idOf('[CLS]');
    this.sepId = idOf('[SEP]');
    this.vocabularySize = Math.max(...vocabulary.values(), ...file.added_tokens.map((added) => added.id)) + 1;
  }

  encode(text: string): Encoding {
    const encoding = new EncodingBuilder();
    let position = 0;
    if (this.#addedPattern !== undefined) {
      for (const match of text.matchAll(this.#addedPattern)) {
        const added = this.#addedTokens.find((token) => token.content === match[0]);
        if (added === undefined) continue;
        this.#encodePlain(text, position, match.index, encoding);
        position = match.index + match[0].length;
        encoding.add(added.id, match.index, position);
      }
    }
    this.#encodePlain(text, position, text.length, encoding);
    return encoding.build();
  }

  #encodePlain(text: string, from: number, to: number, encoding: EncodingBuilder): void {
    for (const word of bertWords(text, from, to, this.#normalization))
      addWordPieces(word, this.#model, encoding);
  }
}

/** Finds added tokens written out in a text; where two begin at one place, the longer wins. */
function addedTokenPattern(tokens: readonly AddedToken[]): RegExp | undefined {
  if (tokens.length === 0) return undefined;
  const alternatives = tokens
    .map((token) => token.content.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .sort((a, b) => b.length - a.length);
  return new RegExp(alternatives.join('|'), 'gu');
}
