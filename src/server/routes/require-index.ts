import type { KnowledgeBase } from '../../retriever/index.js';
import { HttpProblem } from '../http/problem.js';
import type { ServerContext } from '../server-context.js';

/** @throws HttpProblem `no-index`. */
export function requireIndex({ deps }: ServerContext): KnowledgeBase {
  if (deps.knowledgeBase === undefined) {
    throw new HttpProblem('no-index', 'This server searches, but has no index of its own to show or change.');
  }
  return deps.knowledgeBase;
}
