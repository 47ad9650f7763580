/**
 * Opens a knowledge base as another process, perhaps of another user, and prints what came of it.
 *
 *     node open-knowledge-base.mjs FOLDER read|write
 */
import { KnowledgeBase } from '../../dist/retriever/index.js';

const [folder, mode] = process.argv.slice(2);
try {
  const knowledgeBase = await KnowledgeBase.open(folder, { write: mode === 'write' });
  const found = await knowledgeBase.retrieve('hub');
  if (mode === 'write') await knowledgeBase.remove(['nothing']);
  await knowledgeBase.close();
  console.log(`found ${found.length}`);
} catch (error) {
  console.log(`${error.code}: ${error.message}`);
}
