// Trains user personalization and personalized ranking: tune on a hold-out, measure on unseen users, fit on everything.
import { json } from '../../engine/buffers';
import type { Compute } from '../../engine/compute';
import { restrictCatalogue } from '../evaluation/restrict';
import { evaluateByUserSplit } from '../evaluation/user-split';
import { withinPercentiles } from '../history-length';
import { type DataSnapshot, type Model, TrainingFailed } from '../recipe';
import type { Host, Trained, Trainer, TrainerOptions } from '../training/trainer';
import { AffinityModel, type AffinitySettings } from './affinity-model';
import { buildDesign, type Design, itemsOfShare, mostPopular } from './design';
import { denseLimit, fitAffinity, openCompute, sparseNote } from './fit';
import { searchHyperParameters } from './hyper-parameters';
import { objectiveBonus } from './objective';

/**
 * The metrics' model is a second training, so in larger catalogues it covers the most popular items alone: those of 98 % of
 * the choices, within these bounds. The others count as missed.
 */
const evaluated = { share: 0.98, least: 2500, most: 4000 };

/** How a recipe dresses the affinity model. */
type Dress = (affinity: AffinityModel) => Model;

export function affinityTrainer(recipe: string, dress: Dress): Trainer {
  return {
    load: (buffers) => dress(AffinityModel.load(buffers)),
    train: (data, options, host) =>
      train(recipe, dress, withinPercentiles(data, options.hyperParameters), options, host),
    readsContext: true,
    startsFrom: ['settings'],
  };
}

function evaluatedItems(design: Design): number {
  const { share, least, most } = evaluated;
  return Math.min(most, Math.max(least, itemsOfShare(design, share)));
}

/** UPDATE starts from the parameters that the FULL training found: one fit on all data, no search and no metrics. */
function parametersOf(compute: Compute, design: Design, options: TrainerOptions) {
  const { previous } = options;
  if (!previous) return searchHyperParameters(compute, design, options);
  return { parameters: json<AffinitySettings>(previous, 'settings').parameters, tuned: undefined };
}

function train(
  recipe: string,
  dress: Dress,
  data: DataSnapshot,
  options: TrainerOptions,
  host: Host,
): Trained {
  const design = buildDesign(data, options.eventWeights);
  if (design.timelines.items.length === 0) throw new TrainingFailed(tooLittle);
  const limit = denseLimit();
  const compute = openCompute(design, host, limit);
  try {
    const { parameters, tuned } = parametersOf(compute, design, options);
    const settings: AffinitySettings = { recipe, parameters, eventWeights: options.eventWeights };
    const modelOf = (some: DataSnapshot, its: Design): AffinityModel => {
      const parts = fitAffinity(compute, some, its, settings, limit);
      return new AffinityModel({ ...parts, bonus: objectiveBonus(some, options.objective) });
    };
    const measured = () => {
      const { items } = mostPopular(design, evaluatedItems(design));
      return evaluateByUserSplit(data, options, (training) => {
        const restricted = items.length < design.itemCount ? restrictCatalogue(training, items) : training;
        return dress(modelOf(restricted, buildDesign(restricted, options.eventWeights)));
      });
    };
    return {
      metrics: options.withMetrics ? measured() : {},
      buffers: modelOf(data, design).toBuffers(),
      tuned,
      note: design.itemCount > limit ? sparseNote(design.itemCount, limit) : undefined,
    };
  } finally {
    compute.close();
  }
}

const tooLittle = 'Create failed. Dataset has fewer than 25 users with at least 2 interactions each.';
