// Amazon Personalize: dataset groups, schemas, datasets, event trackers and filters.

import {
  answered,
  ignoreMissing,
  type Properties,
  type ProviderContext,
  pick,
  type ResourceProvider,
  requiredString,
  unlessMissing,
} from '../../cloudformation/provider';
import type { Shape } from '../../service';

const POLL_MS = 50;
const TIMEOUT_MS = 15 * 60_000;

interface PersonalizeType {
  /** `DatasetGroup` of CreateDatasetGroup. */
  readonly resource: string;
  /** The member of inputs and outputs that holds the ARN. */
  readonly arn: string;
  readonly properties: readonly string[];
  /** Attributes that the describe operation's answer gives, by CloudFormation's name. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Schemas exist at once; everything else becomes ACTIVE. */
  readonly hasLifeCycle: boolean;
}

const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

/** The API's members are in camel case, CloudFormation's properties in Pascal case. */
function toInput(properties: Properties): Shape {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      lowerFirst(name),
      name === 'Tags'
        ? (value as { Key: string; Value: string }[]).map(({ Key, Value }) => ({
            tagKey: Key,
            tagValue: Value,
          }))
        : value,
    ]),
  );
}

const pause = () => new Promise((resolve) => setTimeout(resolve, POLL_MS));

async function describe(type: PersonalizeType, arn: string, context: ProviderContext): Promise<Shape> {
  const output = await context.call('personalize', `Describe${type.resource}`, { [type.arn]: arn });
  return output[lowerFirst(type.resource)] as Shape;
}

/** Waits until the resource is active. Throws when it failed, with the service's reason. */
async function active(type: PersonalizeType, arn: string, context: ProviderContext): Promise<Shape> {
  for (let waited = 0; waited < TIMEOUT_MS; waited += POLL_MS) {
    const description = await describe(type, arn, context);
    const status = String(description.status ?? 'ACTIVE');
    if (!type.hasLifeCycle || status === 'ACTIVE') return description;
    if (status.includes('FAILED'))
      throw new Error(`${type.resource} ${arn}: ${status}: ${description.failureReason ?? ''}`);
    await pause();
  }
  throw new Error(`${type.resource} ${arn} did not become active within ${TIMEOUT_MS / 60_000} minutes`);
}

/** What is being made or deleted cannot be deleted (again): an operation that was killed leaves such resources behind. */
async function settled(type: PersonalizeType, arn: string, context: ProviderContext): Promise<void> {
  for (let waited = 0; waited < TIMEOUT_MS; waited += POLL_MS) {
    const description = await unlessMissing(describe(type, arn, context));
    if (!description || !/PENDING|IN_PROGRESS/.test(String(description.status))) return;
    await pause();
  }
}

async function untilGone(type: PersonalizeType, arn: string, context: ProviderContext): Promise<void> {
  for (let waited = 0; waited < TIMEOUT_MS; waited += POLL_MS) {
    let isGone = true;
    await ignoreMissing(
      describe(type, arn, context).then(() => {
        isGone = false;
      }),
    );
    if (isGone) return;
    await pause();
  }
  throw new Error(`${type.resource} ${arn} was not deleted within ${TIMEOUT_MS / 60_000} minutes`);
}

/** Names are unique for each kind of resource; a dataset is known by its type, a tracker by its group. */
async function findArn(
  type: PersonalizeType,
  properties: Properties,
  context: ProviderContext,
): Promise<string | undefined> {
  const input = pick(properties, 'DatasetGroupArn');
  const listed = `${lowerFirst(type.resource)}s`;
  const found = await unlessMissing(
    context.call('personalize', `List${type.resource}s`, { ...toInput(input), maxResults: 100 }),
  );
  const member = type.resource === 'Filter' ? 'Filters' : listed;
  const summaries = (found?.[member] ?? []) as readonly Record<string, unknown>[];
  return summaries.find(({ name }) => name === properties.Name)?.[type.arn] as string | undefined;
}

function provider(type: PersonalizeType): ResourceProvider {
  return {
    properties: type.properties,
    async create(properties, context) {
      requiredString(properties, 'Name');
      const made = await context.call('personalize', `Create${type.resource}`, toInput(properties));
      const arn = answered(made, type.arn);
      const description = await active(type, arn, context);
      const attributes = Object.entries(type.attributes).map(([name, member]) => [name, description[member]]);
      return { physicalId: arn, attributes: Object.fromEntries(attributes) };
    },
    lookUp: (properties, context) => findArn(type, properties, context),
    async delete(arn, _properties, context) {
      await settled(type, arn, context);
      await ignoreMissing(context.call('personalize', `Delete${type.resource}`, { [type.arn]: arn }));
      await untilGone(type, arn, context);
    },
  };
}

// Any change of these replaces them; datasets and trackers cannot be changed through this API in ways that the app uses.
export const datasetGroup = provider({
  resource: 'DatasetGroup',
  arn: 'datasetGroupArn',
  properties: ['Name', 'Domain', 'RoleArn', 'KmsKeyArn', 'Tags'],
  attributes: { DatasetGroupArn: 'datasetGroupArn' },
  hasLifeCycle: true,
});

export const schema = provider({
  resource: 'Schema',
  arn: 'schemaArn',
  properties: ['Name', 'Schema', 'Domain', 'Tags'],
  attributes: { SchemaArn: 'schemaArn' },
  hasLifeCycle: false,
});

export const dataset = provider({
  resource: 'Dataset',
  arn: 'datasetArn',
  properties: ['Name', 'DatasetGroupArn', 'DatasetType', 'SchemaArn', 'Tags'],
  attributes: { DatasetArn: 'datasetArn' },
  hasLifeCycle: true,
});

export const eventTracker = provider({
  resource: 'EventTracker',
  arn: 'eventTrackerArn',
  properties: ['Name', 'DatasetGroupArn', 'Tags'],
  attributes: { EventTrackerArn: 'eventTrackerArn', TrackingId: 'trackingId' },
  hasLifeCycle: true,
});

export const filter = provider({
  resource: 'Filter',
  arn: 'filterArn',
  properties: ['Name', 'DatasetGroupArn', 'FilterExpression', 'Tags'],
  attributes: { FilterArn: 'filterArn' },
  hasLifeCycle: true,
});
