// What has to be true of a group that came to rest: all that is declared is there, nothing else is up, and what is not as declared is
// said with what a person must do.
import {
  type Declaration,
  type DeclaredSolution,
  deploymentTag,
} from '../../../lambda/controller/declaration';
import { differences } from '../../../lambda/controller/differences';
import type { GroupRow } from '../../../lambda/controller/group-row';
import { isReplacementOf } from '../../../lambda/controller/plan-training';
import type { FakePersonalize } from './fake-personalize';
import { DEPLOYMENT, NAME } from './random-declaration';

export interface Rested {
  readonly row: GroupRow;
  /** Nothing: the file was at fault, so all stays as it was. */
  readonly declared: Declaration | undefined;
  readonly service: FakePersonalize;
  /** When the newest file of a dataset came, by its type. */
  readonly files: ReadonlyMap<string, number>;
}

/** @returns what is wrong */
export function verify(rested: Rested): string[] {
  const { row, declared } = rested;
  const isSaid = row.state === 'failed' ? row.problems : row.state === 'waiting' ? row.waiting : undefined;
  return [
    ...(isSaid?.length === 0 ? [`it is ${row.state}, and nothing says why`] : []),
    ...row.problems.flatMap(({ code, reason, advice }) =>
      reason === '' || advice === '' ? [`${code} does not say why, or what to do`] : [],
    ),
    ...(declared ? undeclared(rested, declared) : []),
    ...(declared && row.state === 'settled' ? missing(rested, declared) : []),
  ];
}

const isByHand = ({ name }: { readonly name: string }): boolean => name.startsWith('by-hand');

function namesOf(declared: Declaration): Readonly<Record<string, readonly string[]>> {
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
  return {
    Campaign: names(declared.solutions.flatMap(({ campaigns }) => campaigns)),
    Filter: names(declared.filters),
    Recommender: names(declared.recommenders),
  };
}

/** What is up, was made for the deployment, and is not declared. */
function undeclared({ service, row }: Rested, declared: Declaration): string[] {
  const isTold = (name: string) => row.problems.some(({ resource }) => resource?.name === name);
  const isWanted: Readonly<Record<string, (name: string, type: unknown) => boolean>> = {
    ...Object.fromEntries(
      Object.entries(namesOf(declared)).map(([kind, names]) => [
        kind,
        (name: string) => names.includes(name),
      ]),
    ),
    EventTracker: () => declared.eventTracker !== undefined,
    Dataset: (_, type) => declared.datasets.some((dataset) => dataset.type === type),
    Solution: (name) =>
      declared.solutions.some((solution) => solution.name === name || isReplacementOf(solution.name, name)),
    DatasetGroup: () => declared.sources.length > 0,
  };
  return Object.entries(isWanted).flatMap(([kind, wanted]) =>
    service
      .all(kind)
      .filter(({ name, tags, settings }) => {
        const isOurs = tags.some(
          ({ tagKey, tagValue }) => tagKey === deploymentTag && tagValue === DEPLOYMENT,
        );
        return isOurs && !isByHand({ name }) && !wanted(name, settings.datasetType) && !isTold(name);
      })
      .map(({ name }) => `${kind} ${name} is up and not declared`),
  );
}

/** What is declared, and is not there or is otherwise, although nobody said so. */
function missing({ service, files, row }: Rested, declared: Declaration): string[] {
  const complaints: string[] = [];
  const expect = (holds: boolean, complaint: string) => {
    if (!holds) complaints.push(complaint);
  };
  for (const [kind, names] of Object.entries(namesOf(declared)))
    for (const name of names)
      expect(service.find(kind, name)?.status === 'ACTIVE', `${kind} ${name} is not active`);
  // A tracker of another name is adopted.
  if (declared.eventTracker)
    expect(service.all('EventTracker')[0]?.status === 'ACTIVE', 'there is no tracker');
  for (const { name, filterExpression } of declared.filters) {
    const there = service.find('Filter', name)?.settings.filterExpression;
    expect(there === filterExpression, `filter ${name} differs`);
  }
  for (const { type, schema } of declared.datasets) {
    const there = service.all('Dataset').find(({ settings }) => settings.datasetType === type);
    const document = service.things.get(String(there?.settings.schemaArn))?.settings.schema;
    expect(document === schema.document, `dataset ${type} has not the declared schema`);
    const newestAt = files.get(type);
    const isScheduled = declared.imports.some(({ schedules }) => Object.keys(schedules).length > 0);
    const isImported = service
      .all('DatasetImportJob')
      .some(
        ({ settings, createdAt, status }) =>
          settings.datasetArn === there?.arn && createdAt >= (newestAt ?? 0) && status === 'ACTIVE',
      );
    expect(
      newestAt === undefined || isScheduled || isImported,
      `files of ${type} are newer than its last import`,
    );
  }
  for (const solution of declared.solutions) complaints.push(...verifySolution(service, solution));
  if (declared.sources.length === 0) {
    const group = service.find('DatasetGroup', NAME);
    const isOurs = group?.tags.some(({ tagKey }) => tagKey === deploymentTag);
    const isUsed = service.all('Solution').some(isByHand);
    expect(!isOurs || isUsed, 'the group is still there');
    if (!group) expect(service.all('Schema').length === 0, 'its schemas are still there');
  }
  expect(row.run === undefined, 'a run is open');
  return complaints;
}

function verifySolution(service: FakePersonalize, { name, settings, campaigns }: DeclaredSolution): string[] {
  const [there, more] = service.all('Solution').filter((each) => each.name.startsWith(name));
  if (!there || more) return [`solution ${name} is ${there ? 'there twice' : 'missing'}`];
  const complaints: string[] = [];
  if (differences(settings, there.settings).length > 0) complaints.push(`solution ${name} differs`);
  const [newest] = service
    .all('SolutionVersion')
    .filter((version) => version.settings.solutionArn === there.arn && version.status === 'ACTIVE')
    .sort((a, b) => b.createdAt - a.createdAt);
  if (!newest) return [...complaints, `solution ${name} has no version`];
  for (const campaign of campaigns) {
    const up = service.find('Campaign', campaign.name)?.settings;
    if (up?.solutionVersionArn !== newest.arn)
      complaints.push(`campaign ${campaign.name} serves ${up?.solutionVersionArn}, newest is ${newest.arn}`);
    if (up?.minProvisionedTPS !== campaign.minProvisionedTPS)
      complaints.push(`campaign ${campaign.name} differs`);
  }
  return complaints;
}
