/**
 * Changes a knowledge base without end, from a numbered change on, and prints the number of each change once it is acknowledged. The changes
 * follow from their numbers, so that who kills this process can tell what must be there.
 *
 *     node knowledge-base-writer.mjs FOLDER FIRST-CHANGE
 */
import { writeSync } from 'node:fs';
import { KnowledgeBase } from '../../dist/retriever/index.js';
import { changeOf } from './numbered-changes.mjs';

const [folder, first] = process.argv.slice(2);
const knowledgeBase = await KnowledgeBase.open(folder, { write: true });
for (let number = Number(first); ; number++) {
  const change = changeOf(number);
  if (change === 'compact') await knowledgeBase.compact();
  else await knowledgeBase.apply(change);
  writeSync(1, `${number}\n`);
}
