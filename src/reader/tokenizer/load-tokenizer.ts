import { z } from 'zod';
import { received, VerbatimError } from '../../core/errors.js';
import { checkShape } from '../check-json.js';
import { AddedTokenFinder } from './added-tokens.js';
import { ByteLevelTokenizer } from './byte-level-tokenizer.js';
import type { PairTemplate, Tokenizer } from './types.js';
import { WordPieceTokenizer } from './word-piece-tokenizer.js';

/**
 * The part of Hugging Face's tokenizer.json that is read. Truncation and padding are decided by the reader, not by the
 * file.
 */
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
  pre_tokenizer: z
    .looseObject({
      type: z.string(),
      add_prefix_space: z.boolean().optional(),
      use_regex: z.boolean().optional(),
    })
    .nullish(),
  post_processor: z.looseObject({ type: z.string() }).nullish(),
  model: z.looseObject({
    type: z.string().optional(),
    unk_token: z.string().nullish(),
    continuing_subword_prefix: z.string().nullish(),
    end_of_word_suffix: z.string().nullish(),
    ignore_merges: z.boolean().optional(),
    max_input_chars_per_word: z.int().optional(),
    vocab: z.record(z.string(), z.int()).or(z.array(z.unknown())),
    merges: z.array(z.string().or(z.tuple([z.string(), z.string()]))).optional(),
  }),
});

const specialTokenSchema = z.tuple([z.string(), z.int()]);

/** BertProcessing and RobertaProcessing; the latter puts two separators between question and passage. */
const pairProcessingSchema = z.looseObject({
  type: z.enum(['BertProcessing', 'RobertaProcessing']),
  sep: specialTokenSchema,
  cls: specialTokenSchema,
  trim_offsets: z.boolean().default(true),
});

const templateSchema = z.looseObject({
  type: z.literal('TemplateProcessing'),
  pair: z.array(
    z.union([
      z.object({ SpecialToken: z.object({ id: z.string() }) }),
      z.object({ Sequence: z.object({ id: z.enum(['A', 'B']) }) }),
    ]),
  ),
  special_tokens: z.record(z.string(), z.object({ ids: z.array(z.int()) })),
});

type TokenizerFile = z.infer<typeof tokenizerSchema>;

/**
 * Builds a tokenizer from a parsed tokenizer.json: WordPiece with BERT's normalizer, or byte-level BPE.
 *
 * @param name - names the file in errors.
 * @throws VerbatimError `model-unsupported` naming the tokenizer's type if it is another, `model-damaged` if the file is not whole.
 */
export function loadTokenizer(json: unknown, name: string): Tokenizer {
  const file = checkShape(tokenizerSchema, json, name);
  const type = file.model.type ?? (file.model.merges === undefined ? 'unknown' : 'BPE');
  if (Array.isArray(file.model.vocab)) throw unsupported(name, type);
  const vocabulary = new Map(Object.entries(file.model.vocab));
  const ids = [...vocabulary.values(), ...file.added_tokens.map(({ id }) => id)];
  const common = {
    finder: new AddedTokenFinder(file.added_tokens),
    pairTemplate: pairTemplate(file, name),
    vocabularySize: ids.reduce((largest, id) => Math.max(largest, id), -1) + 1,
  };

  if (
    type === 'WordPiece' &&
    file.normalizer?.type === 'BertNormalizer' &&
    file.pre_tokenizer?.type === 'BertPreTokenizer'
  ) {
    const { normalizer, model } = file;
    const unknown = model.unk_token ?? '[UNK]';
    const unknownId = vocabulary.get(unknown);
    if (unknownId === undefined)
      throw new VerbatimError('model-damaged', `${name}: the vocabulary has no ${unknown}.`);
    const pieces = {
      vocabulary,
      unknownId,
      continuingPrefix: model.continuing_subword_prefix ?? '##',
      maxCharactersPerWord: model.max_input_chars_per_word ?? 100,
    };
    const lowercase = normalizer.lowercase ?? true;
    const normalization = {
      cleanText: normalizer.clean_text ?? true,
      handleChineseChars: normalizer.handle_chinese_chars ?? true,
      stripAccents: normalizer.strip_accents ?? lowercase,
      lowercase,
    };
    return new WordPieceTokenizer(pieces, normalization, common);
  }

  if (type === 'BPE' && isPlainByteLevel(file)) {
    const ranks = new Map(
      (file.model.merges ?? []).map((merge, rank) => [
        typeof merge === 'string' ? merge : merge.join(' '),
        rank,
      ]),
    );
    const processing = pairProcessingSchema.safeParse(file.post_processor);
    const settings = {
      addPrefixSpace: file.pre_tokenizer?.add_prefix_space ?? true,
      trimOffsets: !processing.success || processing.data.trim_offsets,
    };
    return new ByteLevelTokenizer({ vocabulary, ranks }, settings, common);
  }
  throw unsupported(name, type);
}

/** GPT-2's kind of BPE, as RoBERTa has it: nothing normalised, bytes for characters, no word affixes. */
function isPlainByteLevel({ normalizer, pre_tokenizer, model }: TokenizerFile): boolean {
  return (
    (normalizer === undefined || normalizer === null) &&
    pre_tokenizer?.type === 'ByteLevel' &&
    pre_tokenizer.use_regex !== false &&
    (model.continuing_subword_prefix ?? '') === '' &&
    (model.end_of_word_suffix ?? '') === '' &&
    model.ignore_merges !== true
  );
}

function unsupported(name: string, type: string): VerbatimError {
  return new VerbatimError(
    'model-unsupported',
    `${name}: a tokenizer of type ${received(type)} with these settings is not supported; expected WordPiece (BERT, MobileBERT, ` +
      'DistilBERT, ELECTRA) or byte-level BPE (RoBERTa). Choose a model with one of these tokenizers; `verbatim models list` names some.',
  );
}

function pairTemplate(file: TokenizerFile, name: string): PairTemplate {
  const type = file.post_processor?.type;
  if (type === 'TemplateProcessing') {
    const { pair, special_tokens } = checkShape(templateSchema, file.post_processor, name);
    const parts: Record<'prefix' | 'separator' | 'suffix', number[]> = {
      prefix: [],
      separator: [],
      suffix: [],
    };
    let part: keyof typeof parts = 'prefix';
    for (const element of pair) {
      if ('Sequence' in element) part = element.Sequence.id === 'A' ? 'separator' : 'suffix';
      else parts[part].push(...(special_tokens[element.SpecialToken.id]?.ids ?? []));
    }
    return parts;
  }
  if (type === 'BertProcessing' || type === 'RobertaProcessing') {
    const { cls, sep } = checkShape(pairProcessingSchema, file.post_processor, name);
    return {
      prefix: [cls[1]],
      separator: type === 'BertProcessing' ? [sep[1]] : [sep[1], sep[1]],
      suffix: [sep[1]],
    };
  }
  throw new VerbatimError(
    'model-unsupported',
    `${name}: a post-processor of type ${received(type ?? 'none')} is not supported; expected one that puts special tokens around a pair of texts.`,
  );
}
