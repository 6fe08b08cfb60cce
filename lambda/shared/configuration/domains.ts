// What the domains of dataset groups, Amazon Personalize's ready-made use cases, demand of schemas and recommenders.
import type { AvroField } from './avro-schema';
import { type Configuration, type DatasetType, datasetTypes, sectionOf } from './configuration';
import type { Path, Problem } from './problem';
import { recipeName } from './recipe-name';

type Domain = NonNullable<NonNullable<Configuration['datasetGroup']>['serviceConfig']['domain']>;

interface DomainField {
  readonly name: string;
  readonly type: Exclude<AvroField['type'], readonly unknown[]>;
  readonly categorical?: true;
}

/** Developer guide, "Schemas" (what a domain's datasets need besides) and "Choosing a use case". */
const domainRules: Readonly<
  Record<Domain, { recipes: string; fields: Partial<Record<DatasetType, readonly DomainField[]>> }>
> = {
  VIDEO_ON_DEMAND: {
    recipes: 'vod',
    fields: {
      Interactions: [{ name: 'EVENT_TYPE', type: 'string' }],
      Items: [
        { name: 'GENRES', type: 'string', categorical: true },
        { name: 'CREATION_TIMESTAMP', type: 'long' },
      ],
    },
  },
  ECOMMERCE: {
    recipes: 'ecomm',
    fields: {
      Interactions: [{ name: 'EVENT_TYPE', type: 'string' }],
      Items: [
        { name: 'PRICE', type: 'float' },
        { name: 'CATEGORY_L1', type: 'string', categorical: true },
      ],
    },
  },
};

/** What a domain demands of the schemas, with the place of each field that is missing or of another kind. */
export function domainProblems({ datasetGroup, datasets }: Configuration): Problem[] {
  const domain = datasetGroup?.serviceConfig.domain;
  if (!domain) return [];
  return datasetTypes.flatMap((type) => {
    const section = sectionOf(type);
    const fields = datasets?.[section]?.schema.serviceConfig.schema.fields;
    if (!fields) return [];
    const path: Path = ['datasets', section, 'schema', 'serviceConfig', 'schema', 'fields'];
    return (domainRules[domain].fields[type] ?? []).flatMap((rule) => {
      const index = fields.findIndex(({ name }) => name === rule.name);
      const found = fields[index];
      const words = `${rule.name} of type ${rule.type}${rule.categorical ? ', categorical' : ''}`;
      if (!found) return [{ path, message: `the domain ${domain} needs the field ${words}` }];
      const isRight =
        [found.type].flat().includes(rule.type) && (!rule.categorical || found.categorical === true);
      return isRight ? [] : [{ path: [...path, index], message: `the domain ${domain} needs ${words}` }];
    });
  });
}

export function recommenderProblems(config: Configuration): Problem[] {
  const domain = config.datasetGroup?.serviceConfig.domain;
  if (!config.recommenders?.length) return [];
  if (!domain)
    return [{ path: ['recommenders'], message: 'recommenders need a dataset group with a domain' }];
  return config.recommenders.flatMap(({ serviceConfig }, index) => {
    const recipe = recipeName(serviceConfig.recipeArn);
    if (recipe.startsWith(`aws-${domainRules[domain].recipes}-`)) return [];
    const path = ['recommenders', index, 'serviceConfig', 'recipeArn'];
    return [{ path, message: `${recipe} is not a recipe of the domain ${domain}` }];
  });
}
