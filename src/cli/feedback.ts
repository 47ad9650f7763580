import { Command } from 'commander';
import { VerbatimError } from '../core/errors.js';
import type { FeedbackExport, LeftOutReason } from '../server/operations/feedback-export.js';
import { flag, jsonOption } from './options.js';
import { requireWritable, writeAtomically } from './write-file.js';

interface ExportFlags {
  readonly feedback: string;
  readonly index?: string;
  readonly out: string;
  readonly json?: boolean;
}

export function feedbackCommand(): Command {
  return new Command('feedback')
    .description('Work with the verdicts on answers that `verbatim serve` has taken.')
    .addCommand(exportCommand());
}

function exportCommand(): Command {
  return new Command('export')
    .description('Write verdicts as labelled questions in SQuAD 2.0 JSON, for `verbatim tune` and training.')
    .addOption(flag('--feedback <file>', 'file that `verbatim serve --feedback` wrote').makeOptionMandatory())
    .addOption(
      flag(
        '-i, --index <folder>',
        'knowledge base that was asked: its passages become the paragraphs (default: the cited sentences)',
      ),
    )
    .addOption(flag('-o, --out <file>', 'write the questions to this file').default('feedback.json'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  $ verbatim feedback export --feedback feedback.ndjson --index kb --out questions.json
  $ verbatim tune questions.json --index kb

"Right" gives the answer where it was cited; "wrong" the correct answer where it stands in a cited passage or, without one, a passage that
does not answer the question.`,
    )
    .action(async (flags: ExportFlags) => {
      await exportTo(flags);
    });
}

async function exportTo({ feedback: file, index, out, json }: ExportFlags): Promise<void> {
  const { exportFeedback } = await import('../server/operations/feedback-export.js');
  const { readFeedback } = await import('../server/operations/feedback-store.js');
  const { KnowledgeBase } = await import('../retriever/index.js');
  const { feedback, damaged } = await readFeedback(file);
  await requireWritable(out);
  const knowledgeBase = index === undefined ? undefined : await KnowledgeBase.open(index);
  let exported: FeedbackExport;
  try {
    exported = await exportFeedback(feedback, async (id) => knowledgeBase?.get(id));
  } finally {
    await knowledgeBase?.close();
  }
  const { squad, ...figures } = exported;
  if (figures.answerable + figures.unanswerable === 0) {
    throw new VerbatimError(
      'dataset-invalid',
      `Expected verdicts that give a labelled question in ${file}, got ${feedback.length} that give none.`,
    );
  }
  await writeAtomically(out, `${JSON.stringify(squad)}\n`);
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ ...figures, damaged }, null, 2)}\n`
      : renderExport(figures, damaged, out),
  );
}

const REASONS: Readonly<Record<LeftOutReason, string>> = {
  'no-citation': 'nothing was cited',
  'text-changed': 'the cited text has changed',
  'correct-answer-not-found': 'the correct answer does not stand in a cited passage',
  'no-correct-answer': 'wrongly no answer, but the correct one was not given',
};

function renderExport(
  { answerable, unanswerable, replaced, leftOut }: Omit<FeedbackExport, 'squad'>,
  damaged: number,
  out: string,
): string {
  const lines = [`Wrote ${out}: ${answerable} answerable and ${unanswerable} unanswerable questions.`];
  if (replaced > 0) lines.push(`Replaced by later verdicts: ${replaced}.`);
  for (const [reason, text] of Object.entries(REASONS)) {
    const count = leftOut.filter((verdict) => verdict.reason === reason).length;
    if (count > 0) lines.push(`Left out: ${count}, ${text}.`);
  }
  if (damaged > 0) lines.push(`Passed over: ${damaged} damaged lines.`);
  return `${lines.join('\n')}\n`;
}
