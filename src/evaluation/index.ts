export {
  predictFromOwnParagraph,
  predictFromPipeline,
  scorePredictions,
  type Predictions,
  type RunOptions,
} from './evaluate.js';
export { fitPlatt, type PlattScaling } from './platt.js';
export {
  exactMatch,
  scorePrediction,
  squadMetrics,
  tokenF1,
  type Prediction,
  type SquadMetrics,
} from './squad-metrics.js';
