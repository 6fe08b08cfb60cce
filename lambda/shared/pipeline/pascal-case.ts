// Step Functions' SDK integrations spell parameters in PascalCase, the API and the SDKs in camelCase.

/** Members whose keys are the customer's own words (hyperparameters, columns by dataset) and stay as they are. */
const MAPS = new Set([
  'algorithmHyperParameters',
  'featureTransformationParameters',
  'itemExplorationConfig',
  'rankingInfluence',
  'excludedDatasetColumns',
  'includedDatasetColumns',
]);

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** The same parameters with the first letter of every member capitalised, maps' keys left alone. */
export function toPascalCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPascalCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [capitalised(name), MAPS.has(name) ? member : toPascalCase(member)]),
  );
}
