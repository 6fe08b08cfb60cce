// A gallery's trainings from outside: the likes that start one, and what came of all that were asked for.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ListSolutionsCommand,
  ListSolutionVersionsCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Ready } from '../../../local/start/ready';
import { administrator, output } from './account';
import { GalleryClient, operatorToken } from './gallery-client';
import { likeByTaste } from './people';

const PICTURES = 240;
/** 25 people with 41 likes: the minimum, and a little more. */
const CROWD = { people: 25, inside: 20, outside: 21 };

/** Likes that start the training, of all its people or of those who come to others. */
export async function fill(app: Ready, count = CROWD.people): Promise<void> {
  const client = new GalleryClient(app.siteUrl);
  const people = await client.createPeople(operatorToken(app.operatorLink), { count });
  const [first] = people;
  let images = await client.allImages(String(first?.token));
  while (images.length < PICTURES) {
    await sleep(200);
    images = await client.allImages(String(first?.token));
  }
  for (const { token } of people) await likeByTaste(client, token, images, { emotion: 'calm', ...CROWD });
  client.close();
}

/** Asks for a training as an operator does. */
export async function startTraining({ siteUrl, operatorLink }: Ready): Promise<void> {
  const client = new GalleryClient(siteUrl);
  const call = { method: 'POST', token: operatorToken(operatorLink), body: { action: 'start' } };
  const { status, text } = await client.send('/api/operator/training', call);
  client.close();
  if (status !== 202) throw new Error(`a training was not taken: ${status} ${text}`);
}

export interface TrainingsOutcome {
  /** Statuses of the pipeline's executions; those before the minimum only look. */
  readonly executions: readonly (string | undefined)[];
  /** How each training ended that the gallery wrote down, newest first. */
  readonly records: readonly string[];
  /** Statuses of the versions of each solution. */
  readonly versions: readonly (readonly (string | undefined)[])[];
}

/** Waits until nothing is under way and the models are trained. */
export async function outcomeOfTrainings(app: Ready): Promise<TrainingsOutcome> {
  const states = new SFNClient(administrator(app));
  const personalize = new PersonalizeClient(administrator(app));
  const client = new GalleryClient(app.siteUrl);
  try {
    for (;;) {
      const executions = await executionsOf(states, output(app, 'PipelineArn'));
      const versions = await versionsOf(personalize);
      const { runs = [] } = await client.status(operatorToken(app.operatorLink));
      const records = runs.map(({ outcome }) => outcome);
      const isTrained = versions.length > 1 && versions.every(({ length }) => length > 0);
      const isOver = executions.length > 0 && ![...executions, ...records].includes('RUNNING');
      if (isTrained && isOver && !records.includes('running')) return { executions, records, versions };
      await sleep(500);
    }
  } finally {
    client.close();
    states.destroy();
    personalize.destroy();
  }
}

async function executionsOf(states: SFNClient, stateMachineArn: string) {
  const { executions = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn }));
  return executions.map(({ status }) => status);
}

function versionsOf(personalize: PersonalizeClient) {
  return personalize.send(new ListSolutionsCommand({})).then(({ solutions = [] }) =>
    Promise.all(
      solutions.map(async ({ solutionArn }) => {
        const answer = await personalize.send(new ListSolutionVersionsCommand({ solutionArn }));
        return (answer.solutionVersions ?? []).map(({ status }) => status);
      }),
    ),
  );
}
