// Trains user personalization and personalized ranking: tune on a hold-out, measure on unseen users, fit on everything.
import type { Buffers } from '../../engine/buffers';
import { restrictCatalogue } from '../evaluation/restrict';
import { evaluateByUserSplit } from '../evaluation/user-split';
import { withinPercentiles } from '../history-length';
import { type DataSnapshot, type Model, type NewItem, TrainingFailed } from '../recipe';
import type { Host, Trained, Trainer, TrainerOptions } from '../training/trainer';
import { AffinityModel, type AffinitySettings } from './affinity-model';
import { buildDesign, type Design, mostPopular } from './design';
import { denseLimit, fitAffinity, openCompute, sparseNote } from './fit';
import { searchHyperParameters } from './hyper-parameters';
import { objectiveBonus } from './objective';

/** The metrics' model covers this many items: it is a second training, and the rest of the catalogue is the tail. */
const evaluatedItems = 2500;

/** How a recipe dresses the affinity model. */
type Dress = (affinity: AffinityModel) => Model;

export function affinityTrainer(recipe: string, dress: Dress): Trainer {
  return {
    load: (buffers) => dress(AffinityModel.load(buffers)),
    train: (data, options, host) =>
      options.previous
        ? update(options.previous, data)
        : trainFully(recipe, dress, withinPercentiles(data, options.hyperParameters), options, host),
  };
}

function trainFully(
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
    const { parameters, tuned } = searchHyperParameters(compute, design, options);
    const settings: AffinitySettings = { recipe, parameters, eventWeights: options.eventWeights };
    const modelOf = (some: DataSnapshot, its: Design): AffinityModel => {
      const parts = fitAffinity(compute, some, its, settings, limit);
      return new AffinityModel({ ...parts, bonus: objectiveBonus(some, options.objective) });
    };
    const measured = () => {
      const { items } = mostPopular(design, evaluatedItems);
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

/** UPDATE training: new items become known, counts and metadata stay; nothing is inverted. */
function update(previous: Buffers, data: DataSnapshot): Trained {
  const before = AffinityModel.load(previous);
  const items = data.items.ids.flatMap((itemId, index): NewItem[] =>
    before.indexOf(itemId) >= 0
      ? []
      : [{ itemId, createdAt: data.itemCreatedAt[index]!, metadata: itemMetadata(data, index) }],
  );
  return { buffers: before.knowing(items).toBuffers(), metrics: {} };
}

function itemMetadata({ items }: DataSnapshot, index: number): Record<string, string | number> {
  const metadata: Record<string, string | number> = {};
  for (const column of items.columns) {
    if (column.kind === 'categorical') {
      const code = column.codes[index]!;
      if (code >= 0) metadata[column.name] = column.values[code]!;
    } else if (column.kind === 'numeric' && !Number.isNaN(column.values[index]!)) {
      metadata[column.name] = column.values[index]!;
    }
  }
  return metadata;
}
