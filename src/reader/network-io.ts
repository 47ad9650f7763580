import { VerbatimError } from '../core/errors.js';
import type { ContextWindow, SpanLogits } from './types.js';

/**
 * What a question-answering network is given for one window, by input name; each of shape (1, length).
 *
 * @param inputNames - of the network: not every one takes segments.
 */
export function networkInputs(
  { inputIds, segmentStart }: ContextWindow,
  inputNames: readonly string[],
): Record<string, BigInt64Array> {
  const { length } = inputIds;
  const inputs: Record<string, BigInt64Array> = {
    input_ids: BigInt64Array.from(inputIds, BigInt),
    attention_mask: new BigInt64Array(length).fill(1n),
  };
  // 0 for [CLS] question [SEP], 1 for preamble passage [SEP].
  if (inputNames.includes('token_type_ids')) {
    inputs['token_type_ids'] = new BigInt64Array(length).fill(1n, segmentStart);
  }
  return inputs;
}

/**
 * @param name - names the model in errors.
 * @throws VerbatimError `model-unsupported` if a network does not give start and end logits.
 */
export function checkOutputs(name: string, outputNames: readonly string[]): void {
  if (outputNames.includes('start_logits') && outputNames.includes('end_logits')) return;
  throw new VerbatimError(
    'model-unsupported',
    `The model in ${name} is no extractive question-answering model: expected the outputs start_logits and end_logits, got ${outputNames.join(', ')}.`,
  );
}

/** @throws VerbatimError `model-damaged` if a logit is no number. */
export function checkLogits(logits: SpanLogits): SpanLogits {
  if (logits.start.some(Number.isNaN) || logits.end.some(Number.isNaN)) {
    throw new VerbatimError(
      'model-damaged',
      'The model gave logits that are not numbers (NaN); its weights are damaged or overflow.',
    );
  }
  return logits;
}
