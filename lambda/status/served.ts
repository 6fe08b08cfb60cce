// The gallery's campaigns by their models, as the controller saw them.
import { servableModels } from '../controller/gallery';
import type { GroupRow } from '../controller/group-row';
import type { StatusResponse } from '../shared/contract/schemas';

export function servedIn(gallery: GroupRow | undefined): Pick<StatusResponse, 'campaigns'> {
  if (!gallery) return {};
  const modelOf = new Map(servableModels.map((model) => [`${gallery.datasetGroup.name}-${model}`, model]));
  return {
    campaigns: gallery.serving.flatMap(({ name, status, recipe, solutionVersion, minProvisionedTps }) => {
      const model = modelOf.get(name);
      return model ? [{ model, status, recipe, solutionVersion, minProvisionedTps }] : [];
    }),
  };
}
