// What an operator does on the pages: sends a crowd, starts a training and watches it, reads what serves.
import type { Page } from 'playwright-core';
import type { Run } from '../../../lambda/shared/contract/schemas';
import { type Deployment, until } from './deployment';

const CROWD_PATIENCE_MS = 240_000;
const TRAINING_PATIENCE_SECONDS = 300;

export interface Crowd {
  readonly people: number;
  readonly likesEach: number;
  /** Likes outside their favourites, in percent. */
  readonly noise: number;
}

/** On the enabler page of an operator. */
export async function sendCrowd(page: Page, { people, likesEach, noise }: Crowd): Promise<void> {
  await page.getByRole('spinbutton', { name: 'People' }).fill(String(people));
  await page.getByLabel('Likes each').fill(String(likesEach));
  await page.getByLabel('Likes outside their favourites (%)').fill(String(noise));
  await page.getByRole('button', { name: 'Send the crowd' }).click();
  const likes = (people * likesEach).toLocaleString('en');
  await page
    .getByText(`The crowd is through: ${people} people, ${likes} likes.`)
    .waitFor({ timeout: CROWD_PATIENCE_MS });
}

/** The newest run as soon as it has ended, when there have been `runs` of them. */
export async function endedRun({ client, operator }: Deployment, runs: number): Promise<Run> {
  const status = await until(
    () => client.status(operator),
    (answer) => answer.runs?.length === runs && answer.runs[0]?.outcome !== 'running',
    TRAINING_PATIENCE_SECONDS,
  );
  const [run] = status.runs ?? [];
  if (!run) throw new Error('there is no run');
  return run;
}
