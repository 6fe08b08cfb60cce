// Part of the plan: the dataset group with its schemas, datasets, tracker and filters.

import { createHash } from 'node:crypto';
import { isInProgress } from '../shared/personalize/life-cycle';
import { callOn } from './actions';
import type { ActualDataset } from './actual';
import type { DeclaredDataset } from './declaration';
import { differences } from './differences';
import { isActive, type Planning } from './planning';

export function planResources(planning: Planning): void {
  planGroup(planning);
  for (const dataset of planning.declaration.datasets) planDataset(planning, dataset);
  planTracker(planning);
  for (const filter of planning.declaration.filters) planFilter(planning, filter);
}

function planGroup(planning: Planning): void {
  const { declaration, actual } = planning;
  const { name, isMadeElsewhere, tags, ...settings } = declaration.datasetGroup;
  const source = declaration.sources[0]?.name ?? '';
  const there = actual.datasetGroup;
  const at = { step: 'resources', kind: 'dataset group', name, source } as const;
  if (!there) {
    if (isMadeElsewhere) {
      planning.problem({
        ...{
          step: 'resources',
          resource: { kind: 'dataset group', name },
          source,
          code: 'ResourceNotFoundException',
        },
        reason: `there is no dataset group ${name}`,
        advice: 'Deploy the Personalize stack, which makes it.',
      });
      return;
    }
    planning.act({
      ...{ ...at, verb: 'create', reason: 'it is declared and not there' },
      operation: 'CreateDatasetGroup',
      input: { name, ...settings, tags: planning.tags(tags) },
    });
    return;
  }
  if (isMadeElsewhere) {
    if (isInProgress(there.status)) planning.waitForService(at, there);
    return;
  }
  if (!planning.isUsable(at, there)) return;
  const changed = differences(settings, there);
  const advice = 'Declare a group of another name, or delete this one with all its data first.';
  if (changed.length > 0) planning.refuse(at, changed, 'a dataset group cannot be changed', advice);
}

/** Avro schemas as people may write them, in any order of members. */
const sameDocument = (one: string, other: string): boolean =>
  canonical(JSON.parse(one)) === canonical(JSON.parse(other));

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join()}}`;
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

interface AvroField {
  readonly name: string;
  readonly type: unknown;
}
const fieldsOf = (document: string): readonly AvroField[] =>
  (JSON.parse(document) as { fields: readonly AvroField[] }).fields;

/** What UpdateDataset allows: all old fields as they were, new ones that may be null (developer guide, "Replacing a schema"). */
function canBeUpdatedTo(from: string, to: string): boolean {
  const fields = new Map(fieldsOf(to).map((field) => [field.name, field]));
  const isKept = fieldsOf(from).every((old) => canonical(fields.get(old.name) ?? null) === canonical(old));
  const before = new Set(fieldsOf(from).map(({ name }) => name));
  return isKept && fieldsOf(to).every(({ name, type }) => before.has(name) || [type].flat().includes('null'));
}

/** The declared schema, or the one that takes its place where its name has another content: schemas cannot be changed. */
export function schemaNames({ schema }: DeclaredDataset): [string, string] {
  return [schema.name, `${schema.name.slice(0, 54)}-${shortHash(canonical(JSON.parse(schema.document)))}`];
}

function planDataset(planning: Planning, dataset: DeclaredDataset): void {
  const { actual } = planning;
  const there = actual.datasets.find(({ type }) => type === dataset.type);
  const at = { step: 'resources', kind: 'dataset', name: dataset.name, source: dataset.source } as const;
  const isAsDeclared = there?.schema && sameDocument(there.schema, dataset.schema.document);
  if (there && (isAsDeclared || isInProgress(there.status))) {
    planning.isUsable(at, there);
    return;
  }
  const schemaArn = planSchema(planning, dataset, there);
  const after = [
    ...planning.groupNeeded(),
    ...(schemaArn === undefined ? [`schema ${dataset.schema.name}`] : []),
  ];
  if (!there) {
    planning.act({
      ...{ ...at, verb: 'create', after, reason: 'it is declared and not there' },
      operation: 'CreateDataset',
      input: {
        ...{ name: dataset.name, datasetType: dataset.type, datasetGroupArn: planning.groupArn, schemaArn },
        tags: planning.tags(dataset.tags),
      },
    });
    return;
  }
  changeSchema(planning, dataset, there, schemaArn);
}

/** @returns the ARN of a schema with the declared content; undefined while there is none */
function planSchema(
  planning: Planning,
  dataset: DeclaredDataset,
  there: ActualDataset | undefined,
): string | undefined {
  const { actual, declaration } = planning;
  const [own, instead] = schemaNames(dataset);
  const byName = (name: string) => actual.schemas.find((schema) => schema.name === name);
  const taken = byName(own);
  const schema = taken && !sameDocument(taken.document, dataset.schema.document) ? byName(instead) : taken;
  if (schema) return schema.arn;
  const isAllowed = !there || canChange(planning, dataset, there);
  if (isAllowed) {
    const name = taken ? instead : own;
    planning.act({
      ...{ step: 'resources', verb: 'create', kind: 'schema', name, source: dataset.source },
      reason: taken
        ? `the schema ${own} has another content, and schemas cannot be changed`
        : 'it is declared and not there',
      // A group that cannot be made leaves none behind.
      after: actual.datasetGroup ? [] : planning.groupNeeded(),
      operation: 'CreateSchema',
      input: {
        ...{ name, schema: dataset.schema.document },
        ...(declaration.datasetGroup.domain && { domain: declaration.datasetGroup.domain }),
      },
    });
  }
  return undefined;
}

const isUpdatable = ({ type }: DeclaredDataset): boolean => type === 'Items' || type === 'Users';

/** Data that were streamed cannot be imported again. */
function canChange(planning: Planning, dataset: DeclaredDataset, there: ActualDataset): boolean {
  const inPlace =
    isUpdatable(dataset) &&
    (there.schema === undefined || canBeUpdatedTo(there.schema, dataset.schema.document));
  return inPlace || (planning.declaration.allowReplace && planning.actual.eventTrackers.length === 0);
}

function changeSchema(
  planning: Planning,
  dataset: DeclaredDataset,
  there: ActualDataset,
  schemaArn: string | undefined,
): void {
  const at = { step: 'resources', kind: 'dataset', name: dataset.name, source: dataset.source } as const;
  const before = there.schema ?? '{"fields":[]}';
  const changed = differences(
    Object.fromEntries(fieldsOf(dataset.schema.document).map((field) => [field.name, field])),
    Object.fromEntries(fieldsOf(before).map((field) => [field.name, field])),
    'schema',
  );
  const gone = fieldsOf(before)
    .filter(({ name }) => !fieldsOf(dataset.schema.document).some((field) => field.name === name))
    .map((field) => ({ what: `schema.${field.name}`, from: field.type, to: null }));
  const list = [...changed, ...gone];
  if (isUpdatable(dataset) && canBeUpdatedTo(before, dataset.schema.document)) {
    planning.act({
      ...{ ...at, verb: 'update', differences: list, reason: 'its schema has more columns' },
      after: schemaArn === undefined ? [`schema ${dataset.schema.name}`] : [],
      operation: 'UpdateDataset',
      input: { datasetArn: there.arn, schemaArn },
    });
    return;
  }
  if (!canChange(planning, dataset, there)) {
    const isStreamed = planning.declaration.allowReplace;
    const advice = isStreamed
      ? 'The group has an event tracker: what was streamed would be lost. Declare a group of another name.'
      : 'Take the change back, or write "allowReplace": true: the dataset is then made anew and its files are imported again.';
    planning.refuse(at, list, 'its schema cannot be changed in place', advice);
    return;
  }
  planning.act({
    ...{ ...at, verb: 'delete', differences: list, deletes: [{ kind: 'dataset', name: dataset.name }] },
    reason: 'its schema cannot be changed in place: it is made anew, and its files are imported again',
    ...callOn('Delete', 'dataset', there.arn),
  });
}

/** The datasets that are declared and not usable yet, in words. */
export function datasetsNeeded(planning: Planning): string[] {
  const { declaration, actual } = planning;
  return declaration.datasets
    .filter(
      ({ type }) => !actual.datasets.some((dataset) => dataset.type === type && isActive(dataset.status)),
    )
    .map(({ name }) => `dataset ${name}`);
}

function planTracker(planning: Planning): void {
  const { declaration, actual } = planning;
  const declared = declaration.eventTracker;
  if (!declared) return;
  const at = {
    step: 'resources',
    kind: 'event tracker',
    name: declared.name,
    source: declared.source,
  } as const;
  // A group has one; one of another name is adopted.
  const [there] = actual.eventTrackers;
  if (!there) {
    planning.act({
      ...{ ...at, verb: 'create', reason: 'it is declared and the group has none' },
      after: [...planning.groupNeeded(), ...datasetsNeeded(planning)],
      operation: 'CreateEventTracker',
      input: { name: declared.name, datasetGroupArn: planning.groupArn, tags: planning.tags(declared.tags) },
    });
  } else {
    planning.isUsable({ ...at, name: there.name }, there);
  }
}

const plain = (expression: string): string => expression.replaceAll(/\s+/g, ' ').trim();

function planFilter(
  planning: Planning,
  { name, source, tags, filterExpression }: Planning['declaration']['filters'][number],
): void {
  const there = planning.actual.filters.find((filter) => filter.name === name);
  const at = { step: 'resources', kind: 'filter', name, source } as const;
  if (!there) {
    planning.act({
      ...{ ...at, verb: 'create', reason: 'it is declared and not there' },
      after: [...planning.groupNeeded(), ...datasetsNeeded(planning)],
      operation: 'CreateFilter',
      input: { name, filterExpression, datasetGroupArn: planning.groupArn, tags: planning.tags(tags) },
    });
    return;
  }
  if (!planning.isUsable(at, there)) return;
  if (there.filterExpression === undefined || plain(there.filterExpression) === plain(filterExpression))
    return;
  const list = [{ what: 'filterExpression', from: there.filterExpression, to: filterExpression }];
  if (!planning.declaration.allowReplace) {
    const advice =
      'Give the new filter another name, or write "allowReplace": true: it is then missing for some minutes.';
    planning.refuse(at, list, 'a filter cannot be changed', advice);
    return;
  }
  planning.act({
    ...{ ...at, verb: 'delete', differences: list, deletes: [{ kind: 'filter', name }] },
    reason:
      'its expression is another one, and filters cannot be changed: it is made anew, and missing for some minutes',
    ...callOn('Delete', 'filter', there.arn),
  });
}
