// What serves recommendations, as the controller saw it: the gallery's campaigns by their models, and what is up beside them.
import { servableModels } from '../controller/gallery';
import type { GroupRow } from '../controller/group-row';
import type { StatusResponse } from '../shared/contract/schemas';

export function servedIn(
  rows: readonly GroupRow[],
  galleryArn: string,
): Pick<StatusResponse, 'campaigns' | 'servedByFiles'> {
  const gallery = rows.find(({ datasetGroup }) => datasetGroup.arn === galleryArn);
  if (!gallery) return {};
  const modelOf = new Map(servableModels.map((model) => [`${gallery.datasetGroup.name}-${model}`, model]));
  return {
    campaigns: gallery.serving.flatMap(({ name, status, solutionVersion, minProvisionedTps }) => {
      const model = modelOf.get(name);
      return model ? [{ model, status, solutionVersion, minProvisionedTps }] : [];
    }),
    servedByFiles: rows.flatMap((row) =>
      row.serving.filter(({ name }) => row !== gallery || !modelOf.has(name)),
    ),
  };
}
