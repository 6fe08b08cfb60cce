// The model of a solution version as it serves: the stored one, with the items that later updates have brought.
import type { Model } from '../model/recipe';
import { ModelStore } from '../state/model-store';
import type { SolutionVersionRecord } from '../state/records';
import type { Context } from './context';
import { findResource } from './lookup';
import { findRecipe } from './recipe-lookup';

export function servingModel(context: Context, version: SolutionVersionRecord): Promise<Model> {
  const recipe = findRecipe(context, version.recipeArn);
  return context.models.load(ModelStore.folderOf(version.arn), recipe, (model) =>
    version.autoUpdatedAt === undefined ? model : withNewItems(context, version, model),
  );
}

/** The model, knowing the items that came after its training. */
function withNewItems(context: Context, version: SolutionVersionRecord, model: Model): Model {
  const data = context.data.of(findResource(context, 'dataset-group', version.datasetGroupArn));
  return model.withNewItems?.(data.itemsAddedSince(version.trainedAt ?? version.creationDateTime)) ?? model;
}

/** The two-hourly update: new items join the model of a version that a campaign serves. */
export async function updateServingModel(context: Context, version: SolutionVersionRecord): Promise<void> {
  const model = await servingModel(context, version);
  context.models.replace(ModelStore.folderOf(version.arn), withNewItems(context, version, model));
  context.store.commit({ put: [{ ...version, autoUpdatedAt: context.clock.now() }] });
}
