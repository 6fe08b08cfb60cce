// Settings of solutions and campaigns that depend on schemas, or are numbers given as strings.
import { columnProblems, explorationProblems } from '../../src/recipes';
import type { DatasetType, SchemaField } from '../../src/schemas';

describe('exploration', () => {
  it.each([
    [{ explorationWeight: '1.1' }, 'explorationWeight must be from 0 to 1'],
    [{ explorationWeight: ' ' }, 'explorationWeight must be from 0 to 1'],
    [{ explorationItemAgeCutOff: '0.5' }, 'explorationItemAgeCutOff must be 1 or more'],
    [{ explorationItemAgeCutOff: 'soon' }, 'explorationItemAgeCutOff must be 1 or more'],
  ])('refuses %j', (config, message) => {
    expect(explorationProblems('recommenderConfig', config)[0]?.message).toContain(
      `recommenderConfig.itemExplorationConfig.${message}`,
    );
  });
});

describe('columns that a solution names', () => {
  const fields: Pick<SchemaField, 'name' | 'type'>[] = [
    { name: 'ITEM_ID', type: 'string' },
    { name: 'PRICE', type: 'float' },
    { name: 'EMOTION', type: 'string' },
  ];
  const schemas = new Map<DatasetType, { fields: typeof fields }>([['ITEMS', { fields }]]);

  it.each([
    [undefined],
    [{ optimizationObjective: { itemAttribute: 'PRICE' } }],
    [{ trainingDataConfig: { excludedDatasetColumns: { Items: ['EMOTION'] } } }],
  ])('may be there: %j', (config) => {
    expect(columnProblems(config, schemas)).toEqual([]);
  });

  it.each([
    [{ optimizationObjective: { itemAttribute: 'EMOTION' } }, 'EMOTION is not a numeric column'],
    [{ optimizationObjective: { itemAttribute: 'COST' } }, 'COST is not a numeric column'],
    [
      { trainingDataConfig: { excludedDatasetColumns: { Items: ['EMOTIONS'] } } },
      'EMOTIONS, which is no column of the dataset of type Items',
    ],
    [
      { trainingDataConfig: { includedDatasetColumns: { Users: ['AGE'] } } },
      'AGE, which is no column of the dataset of type Users',
    ],
  ])('fail the training when they are not: %j', (config, reason) => {
    expect(columnProblems(config, schemas)[0]?.message).toContain(reason);
  });
});
