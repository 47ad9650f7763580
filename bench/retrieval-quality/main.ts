/**
 * What lexical retrieval can still gain: ideas tried one by one on the tuning articles, over their own paragraphs and over all
 * of SQuAD's; 95% intervals of the paired differences, by article.
 *
 *     npx tsx bench/retrieval-quality/main.ts --data FOLDER [--idea stemming …] [--report | --elsewhere]
 *
 * `--report` measures the kept configuration on the open half of the development set instead, `--elsewhere` on questions of
 * other kinds.
 */
import { parseArgs } from 'node:util';
import {
  amongAll,
  everyFourth,
  ownParagraphs,
  readAllParagraphs,
  readElsewhere,
  readReporting,
  readTuning,
} from './data.js';
import { combining } from './ideas/combining.js';
import { TITLE_IN_TEXT } from './ideas/configurations.js';
import { expanding } from './ideas/expanding.js';
import { BEFORE_AND_AFTER, KEPT_CONFIGURATION } from './ideas/kept.js';
import { nearness } from './ideas/nearness.js';
import { normalizing } from './ideas/normalizing.js';
import { parameters, parametersBesideKept } from './ideas/parameters.js';
import { misspelt, spelling, spellingBesideKept } from './ideas/spelling.js';
import { stemming } from './ideas/stemming.js';
import { stopLists } from './ideas/stop-lists.js';
import { titles } from './ideas/titles.js';
import { printPassageSizes } from './passage-sizes.js';
import { IndexCache } from './ranker.js';
import { printIdea } from './tables.js';

const IDEAS = {
  stemming,
  parameters,
  titles,
  stopLists,
  normalizing,
  nearness,
  expanding,
  combining,
  parametersBesideKept,
};

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    idea: { type: 'string', multiple: true },
    report: { type: 'boolean', default: false },
    elsewhere: { type: 'boolean', default: false },
  },
});
if (values.data === undefined) throw new Error('Expected --data FOLDER.');

const { idea: only, report } = values;
const indexes = new IndexCache();
const all = readAllParagraphs(values.data);

if (values.elsewhere) {
  for (const setting of await readElsewhere(values.data)) printIdea(BEFORE_AND_AFTER[0], setting, indexes);
} else if (report) {
  const reporting = await readReporting(values.data);
  for (const setting of [ownParagraphs(reporting), amongAll(reporting, all)]) {
    for (const idea of BEFORE_AND_AFTER) printIdea(idea, setting, indexes);
    printIdea(BEFORE_AND_AFTER[0], misspelt(setting), indexes);
  }
} else {
  await tryIdeas(values.data);
}

/** Every idea that was asked for, on the tuning articles. */
async function tryIdeas(folder: string): Promise<void> {
  const wanted = (name: string): boolean => only?.includes(name) ?? true;
  const tuning = await readTuning(folder);
  const settings = [ownParagraphs(tuning), amongAll(tuning, all)];
  for (const [name, idea] of Object.entries(IDEAS)) {
    if (wanted(name)) for (const setting of settings) printIdea(idea, setting, indexes);
  }
  if (wanted('spelling')) {
    for (const setting of settings) {
      const every = everyFourth(setting);
      for (const questions of [misspelt(every), every]) {
        printIdea(spelling, questions, indexes);
        printIdea(spellingBesideKept, questions, indexes);
      }
    }
  }
  if (wanted('passages')) {
    for (const configuration of [TITLE_IN_TEXT, KEPT_CONFIGURATION]) printPassageSizes(tuning, configuration);
  }
}
