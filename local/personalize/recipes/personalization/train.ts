// Trains user personalization and personalized ranking: tune on a hold-out, measure on unseen users, fit on everything.
import { type Buffers, json } from '../../engine/buffers';
import type { Compute } from '../../engine/compute';
import { restrictCatalogue } from '../evaluation/restrict';
import { measureLists, usableSplit } from '../evaluation/user-split';
import { withinPercentiles } from '../history-length';
import { type DataSnapshot, type Model, TrainingFailed } from '../recipe';
import type { Host, Trained, Trainer, TrainerOptions } from '../training/trainer';
import { AffinityModel, type AffinitySettings } from './affinity-model';
import { buildDesign, type Design, itemsOfShare, mostPopular } from './design';
import { type Continuation, denseLimit, type Fit, fitAffinity, openCompute, sparseNote } from './fit';
import { previousFit, saveFitState } from './fit-state';
import { searchHyperParameters } from './hyper-parameters';
import { objectiveBonus } from './objective';
import type { FitParameters } from './parameters';

/**
 * The metrics' model is a second training, so in larger catalogues it covers the most popular items alone: those of 98 % of
 * the choices, within these bounds. The others count as missed.
 */
const evaluated = { share: 0.98, least: 2500, most: 4000 };

/** How a recipe dresses the affinity model. */
type Dress = (affinity: AffinityModel) => Model;

/** `updatable`: FULL trainings keep what UPDATE trainings start from. */
export function affinityTrainer(recipe: string, dress: Dress, updatable = false): Trainer {
  return {
    load: (buffers) => dress(AffinityModel.load(buffers)),
    train: (data, options, host) =>
      train({ recipe, dress, updatable }, withinPercentiles(data, options.hyperParameters), options, host),
    readsContext: true,
  };
}

/** The part of the catalogue that the metrics' model covers. */
function evaluatedItems(design: Design): Int32Array {
  const { share, least, most } = evaluated;
  return mostPopular(design, Math.min(most, Math.max(least, itemsOfShare(design, share)))).items;
}

/** One training: what its fits have in common. */
interface Run {
  readonly recipe: string;
  readonly dress: Dress;
  readonly options: TrainerOptions;
  readonly compute: Compute;
  readonly limit: number;
}

function fitted(
  { recipe, options, compute, limit }: Run,
  data: DataSnapshot,
  design: Design,
  parameters: FitParameters,
  continuation?: Continuation,
): { affinity: AffinityModel } & Omit<Fit, 'parts'> {
  const settings: AffinitySettings = { recipe, parameters, eventWeights: options.eventWeights };
  const { parts, ...rest } = fitAffinity(compute, data, design, settings, limit, continuation);
  return {
    affinity: new AffinityModel({ ...parts, bonus: objectiveBonus(data, options.objective) }),
    ...rest,
  };
}

type Found = Pick<Trained, 'metrics' | 'tuned'> & { readonly parameters: FitParameters };

/** Looks for the parameters, and measures a model with them where metrics are wanted. */
function search(run: Run, data: DataSnapshot, design: Design): Found {
  const { options, compute } = run;
  const split = options.withMetrics ? usableSplit(data, options.seed) : undefined;
  if (!split) return { ...searchHyperParameters(compute, design, options), metrics: {} };
  // The search, too, looks at nothing but the users that the measured model is trained on.
  const { training, test } = split;
  const known = buildDesign(training, options.eventWeights);
  const found = searchHyperParameters(compute, known, options);
  const items = evaluatedItems(known);
  const whole = items.length === known.itemCount;
  const restricted = whole ? training : restrictCatalogue(training, items);
  const its = whole ? known : buildDesign(restricted, options.eventWeights);
  const model = run.dress(fitted(run, restricted, its, found.parameters).affinity);
  return { ...found, metrics: measureLists(data, test, options, model) };
}

/** UPDATE keeps the parameters that the FULL training found: no search and no metrics. */
function keptParameters(previous: Buffers): Found {
  return { parameters: json<AffinitySettings>(previous, 'settings').parameters, metrics: {} };
}

function train(
  { updatable, ...how }: Pick<Run, 'recipe' | 'dress'> & { readonly updatable: boolean },
  data: DataSnapshot,
  options: TrainerOptions,
  host: Host,
): Trained {
  const design = buildDesign(data, options.eventWeights);
  if (design.timelines.items.length === 0) throw new TrainingFailed(tooLittle);
  const limit = denseLimit();
  const compute = openCompute(design, host, limit);
  try {
    const run = { ...how, options, compute, limit };
    const { previous } = options;
    const { parameters, ...found } = previous ? keptParameters(previous) : search(run, data, design);
    const { affinity, state, changedRows } = fitted(run, data, design, parameters, {
      previous: previous && previousFit(previous),
      keepState: updatable && !previous,
    });
    const buffers = affinity.toBuffers();
    if (state) saveFitState(buffers, state);
    const notes = [
      ...(design.itemCount > limit ? [sparseNote(design.itemCount, limit)] : []),
      ...(previous ? [updateNote(changedRows)] : []),
    ];
    return { ...found, buffers, note: notes.length > 0 ? notes.join(' ') : undefined };
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
