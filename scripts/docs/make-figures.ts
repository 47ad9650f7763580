// Draws the figures of docs/concepts.md from what the package itself computes. They are committed: drawing them asks 380 questions.
import { mkdirSync, writeFileSync } from 'node:fs';
import { askHelpCentre, riskCoverageFigure, thresholdFigure } from './figures/curves.js';
import { marginsFigure } from './figures/margins.js';
import { pipelineFigure } from './figures/pipeline.js';
import { windowsFigure } from './figures/windows.js';

const plain = await askHelpCentre('null-score');
const figures = {
  pipeline: pipelineFigure(),
  windows: windowsFigure(),
  margins: await marginsFigure(),
  threshold: thresholdFigure(plain),
  'risk-coverage': riskCoverageFigure(await askHelpCentre('fusion'), plain),
};
mkdirSync('docs/figures', { recursive: true });
for (const [name, figure] of Object.entries(figures)) writeFileSync(`docs/figures/${name}.svg`, figure);
