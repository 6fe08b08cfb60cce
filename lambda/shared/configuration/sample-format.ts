// The parameter file of AWS's sample pipeline ("personalize-step-functions"): four sections, all required, one solution and one
// campaign. It is accepted as it is and read as the same configuration that our own format would give.
import { z } from 'zod';
import { avroSchema, type DatasetType, datasetTypes } from './avro-schema';
import { type Configuration, sectionOf } from './configuration';
import { campaignConfig, datasetGroupConfig, resourceName, solutionConfig } from './service-config';

const dataset = (type: DatasetType) => z.strictObject({ name: resourceName, schema: avroSchema(type) });

export const sampleParameters = z.strictObject({
  datasetGroup: datasetGroupConfig,
  datasets: z.strictObject({
    Interactions: dataset('Interactions'),
    Items: dataset('Items').optional(),
    Users: dataset('Users').optional(),
  }),
  solution: solutionConfig,
  campaign: campaignConfig,
});

export type SampleParameters = z.output<typeof sampleParameters>;

/** Only the sample's format has a single `solution` and a single `campaign`. */
export const isSampleFormat = (json: unknown): boolean =>
  typeof json === 'object' && json !== null && ('solution' in json || 'campaign' in json);

/** The sample names datasets but no schemas: each schema is called after its dataset. */
export function fromSampleParameters(parameters: SampleParameters): Configuration {
  const datasets = datasetTypes.flatMap((type) => {
    const given = parameters.datasets[type];
    if (!given) return [];
    const schema = { serviceConfig: { name: `${given.name}-schema`, schema: given.schema } };
    return [[sectionOf(type), { serviceConfig: { name: given.name }, schema }] as const];
  });
  return {
    datasetGroup: { serviceConfig: parameters.datasetGroup },
    datasets: Object.fromEntries(datasets) as Configuration['datasets'],
    solutions: [{ serviceConfig: parameters.solution, campaigns: [{ serviceConfig: parameters.campaign }] }],
  };
}
