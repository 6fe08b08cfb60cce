// Stops what Amazon Personalize trains at the moment: a training goes on, and costs, when nobody waits for it any more.
import {
  ListSolutionVersionsCommand,
  type PersonalizeClient,
  ResourceNotFoundException,
  StopSolutionVersionCreationCommand,
} from '@aws-sdk/client-personalize';

/** One solution has a few versions in training at most, and they are among the newest hundred. */
const NEWEST = 100;

/** Before the run has made its solution there is nothing to stop. */
export async function stopTraining(
  client: Pick<PersonalizeClient, 'send'>,
  solutionArn: string,
): Promise<void> {
  try {
    const { solutionVersions = [] } = await client.send(
      new ListSolutionVersionsCommand({ solutionArn, maxResults: NEWEST }),
    );
    for (const { solutionVersionArn, status = '' } of solutionVersions) {
      if (!/PENDING|IN_PROGRESS/.test(status)) continue;
      await client.send(new StopSolutionVersionCreationCommand({ solutionVersionArn }));
    }
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
}
