// Commands on a dataset group that is not the gallery's, against the service that runs on localhost.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Clients } from '../../../cli/clients';
import { allCommands } from '../../../cli/commands';
import { run } from '../../../cli/run';
import { readConfiguration } from '../../../lambda/shared/configuration/read';
import {
  ACCOUNT,
  type Harness,
  REGION,
  ROLE,
  startHarness,
} from '../../../packages/personalize-local/test/local/harness';
import { buildWorld } from './world';

const OUTPUTS: Record<string, string> = {
  DatasetGroupArn: `arn:aws:personalize:${REGION}:${ACCOUNT}:dataset-group/emotion-gallery-dev`,
  BucketName: 'gallery',
  PersonalizeRoleArn: ROLE,
};

let h: Harness;
let folder: string;
let clients: Clients;

beforeAll(async () => {
  h = await startHarness();
  folder = await mkdtemp(join(tmpdir(), 'commands-'));
  const cloudFormation = {
    send: async ({ input }: DescribeStacksCommand) => {
      const list = Object.entries(OUTPUTS).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
      return { Stacks: [{ Outputs: input.StackName?.endsWith('-storage') ? list : [] }] };
    },
  };
  clients = {
    cloudFormation,
    personalize: h.control,
    events: h.events,
    runtime: h.runtime,
  } as unknown as Clients;
  await buildWorld(h);
});
afterAll(async () => {
  await h.stop();
  await rm(folder, { recursive: true, force: true });
});

async function gallery(...args: string[]) {
  const [printed, errors]: [string[], string[]] = [[], []];
  const exitCode = await run(allCommands(clients), [...args, '--json'], {
    now: Date.now,
    progress: () => undefined,
    print: (text) => printed.push(text),
    printError: (text) => errors.push(text),
  });
  if (exitCode !== 0) throw new Error(errors.join('\n'));
  return JSON.parse(printed.join('\n'));
}

test('describe writes what is there as a configuration file, which is good', async () => {
  const described = await gallery('describe', '--dataset-group', 'shop');
  expect(described).toMatchObject({
    datasetGroup: { serviceConfig: { name: 'shop' } },
    datasets: {
      interactions: {
        serviceConfig: { name: 'interactions' },
        schema: { serviceConfig: { name: 'shop-interactions', schema: { name: 'Interactions' } } },
      },
    },
    eventTracker: { serviceConfig: { name: 'shop-tracker' } },
    filters: [
      {
        serviceConfig: {
          name: 'shop-seen',
          filterExpression: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")',
        },
      },
    ],
    solutions: [
      {
        serviceConfig: {
          name: 'shop-personal',
          recipeArn: 'arn:aws:personalize:::recipe/aws-user-personalization-v2',
          performAutoTraining: false,
        },
        campaigns: [{ serviceConfig: { name: 'shop-personal', minProvisionedTPS: 2 } }],
      },
      { serviceConfig: { name: 'shop-sims', recipeArn: 'arn:aws:personalize:::recipe/aws-sims' } },
    ],
  });
  expect(readConfiguration(JSON.stringify(described))).toMatchObject({ ok: true, notes: [] });
});

test('recommend and similar find the campaign by what its recipe does', async () => {
  const items = await gallery('recommend', 'user-1', '--dataset-group', 'shop', '--limit', '3');
  expect(items).toHaveLength(3);
  const alike = await gallery('similar', 'item-1', '--dataset-group', 'shop', '--limit', '2');
  expect(alike).toHaveLength(2);
});

test('rank says that no campaign of the group does this', async () => {
  await expect(gallery('rank', 'user-1', 'item-1,item-2', '--dataset-group', 'shop')).rejects.toThrow(
    'shop has no campaign and no recommender of a PERSONALIZED_RANKING recipe',
  );
});

test('events go to the tracker of the group, with the type that was given', async () => {
  const sent = await gallery(
    'events',
    'new-user',
    'item-1,item-2',
    '--dataset-group',
    'shop',
    '--event-type',
    'view',
  );
  expect(sent.sent).toEqual(['item-1', 'item-2']);
});

test('a faulty CSV file is refused by the schema of the group, with its line', async () => {
  const file = join(folder, 'clicks.csv');
  await writeFile(file, 'USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE\nu,i,1700000000000,view\n');
  await expect(gallery('import', file, '--dataset-group', 'shop')).rejects.toThrow(
    /TIMESTAMP must be in seconds since 1970.*line 2/,
  );
});
