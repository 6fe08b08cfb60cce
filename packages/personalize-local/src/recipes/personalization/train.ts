// Trains user personalization and personalized ranking: tune on a hold-out, measure on unseen users, fit on everything.
import { json } from '../../engine/buffers';
import { type DataSnapshot, type Model, TrainingFailed } from '../../model/recipe';
import type { Host, Trained, Trainer, TrainerOptions } from '../../model/trainer';
import { withinPercentiles } from '../evaluation/history-length';
import { rankingMetrics } from '../evaluation/ranking-metrics';
import { AffinityModel, type AffinitySettings } from './affinity-model';
import { buildDesign } from './design';
import { denseLimit, fitAffinity, openCompute, sparseNote } from './fit';
import { previousFit, saveFitState } from './fit-state';
import { searchHyperParameters } from './hyper-parameters';
import { objectiveBonus } from './objective';
import { listsOf, unseenOf } from './unseen';

/** How a recipe dresses the affinity model. */
type Dress = (affinity: AffinityModel) => Model;

/** `updatable`: FULL trainings keep what UPDATE trainings start from. */
export function affinityTrainer(recipe: string, dress: Dress, updatable = false): Trainer {
  return {
    load: (buffers) => dress(AffinityModel.load(buffers)),
    train: (data, options, host) =>
      train({ recipe, updatable }, withinPercentiles(data, options.hyperParameters), options, host),
    readsContext: true,
  };
}

function train(
  { recipe, updatable }: { readonly recipe: string; readonly updatable: boolean },
  data: DataSnapshot,
  options: TrainerOptions,
  host: Host,
): Trained {
  const { eventWeights, previous, withMetrics, seed } = options;
  const design = buildDesign(data, eventWeights);
  if (design.timelines.items.length === 0) throw new TrainingFailed(tooLittle);
  // UPDATE keeps the parameters that the FULL training found: no search and no metrics.
  const unseen = withMetrics && !previous ? unseenOf(data, design, seed) : undefined;
  const limit = denseLimit();
  const compute = openCompute(design, host, limit, unseen);
  try {
    // The search, too, looks at nothing but the users who are not tested.
    const { parameters, tuned } = previous
      ? { ...json<AffinitySettings>(previous, 'settings'), tuned: undefined }
      : searchHyperParameters(compute, unseen?.known ?? design, options);
    const settings: AffinitySettings = { recipe, parameters, eventWeights };
    const fit = fitAffinity(compute, data, design, settings, limit, {
      previous: previous && previousFit(previous),
      keepState: updatable && !previous,
      unseen,
    });
    const parts = { ...fit.parts, bonus: objectiveBonus(data, options.objective) };
    const lists = unseen && listsOf(compute, design, { ...fit, parts }, unseen, limit);
    const buffers = new AffinityModel(parts).toBuffers();
    if (fit.state) saveFitState(buffers, fit.state);
    const notes = [
      ...(design.itemCount > limit ? [sparseNote(design.itemCount, limit)] : []),
      ...(previous ? [updateNote(fit.changedRows)] : []),
    ];
    return {
      metrics: lists ? rankingMetrics(lists, unseen.test, data, options) : {},
      tuned,
      buffers,
      note: notes.length > 0 ? notes.join(' ') : undefined,
    };
  } finally {
    compute.close();
  }
}

const tooLittle = 'Create failed. Dataset has fewer than 25 users with at least 2 interactions each.';

/** How an UPDATE training went about it. */
function updateNote(changedRows: number | undefined): string {
  return changedRows === undefined
    ? 'The update was fitted anew on all data, with the parameters of the FULL training.'
    : `The update worked ${changedRows} changed rows into the fit of the FULL training.`;
}
