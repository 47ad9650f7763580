/** Rank, from 1, of the first relevant passage of one question; null if none was retrieved. */
export type RelevantRank = number | null;

/** recall@k: the share of questions with the relevant passage among the first k; 0 without questions. */
export function recallAt(ranks: readonly RelevantRank[], k: number): number {
  return mean(ranks, (rank) => (rank <= k ? 1 : 0));
}

/** Mean reciprocal rank (Voorhees 1999): the mean of 1 / rank, 0 where no relevant passage was retrieved. */
export function meanReciprocalRank(ranks: readonly RelevantRank[]): number {
  return mean(ranks, (rank) => 1 / rank);
}

/**
 * nDCG@k (Järvelin and Kekäläinen 2002) with binary relevance and one relevant passage a question: the ideal gain is
 * 1 / log2(2) = 1, so that each question counts 1 / log2(1 + rank), or 0 beyond rank k.
 */
export function ndcgAt(ranks: readonly RelevantRank[], k: number): number {
  return mean(ranks, (rank) => (rank <= k ? 1 / Math.log2(1 + rank) : 0));
}

function mean(ranks: readonly RelevantRank[], gain: (rank: number) => number): number {
  const total = ranks.reduce((sum: number, rank) => sum + (rank === null ? 0 : gain(rank)), 0);
  return ranks.length === 0 ? 0 : total / ranks.length;
}
