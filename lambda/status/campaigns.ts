// The campaigns that are up: what each serves, and what it is billed for at least.
import { DescribeCampaignCommand, type PersonalizeClient } from '@aws-sdk/client-personalize';
import type { Campaign } from '../shared/contract/schemas';

export type CampaignArns = Readonly<Record<Campaign['model'], string>>;

/** One call a campaign. Whoever asks often keeps the answer: Amazon Personalize allows few descriptions a second. */
export async function readCampaigns(
  client: Pick<PersonalizeClient, 'send'>,
  arns: CampaignArns,
): Promise<Campaign[]> {
  const found = await Promise.all(
    Object.entries(arns).map(([model, arn]) => describe(client, model as Campaign['model'], arn)),
  );
  return found.filter((campaign) => campaign !== undefined);
}

async function describe(
  client: Pick<PersonalizeClient, 'send'>,
  model: Campaign['model'],
  campaignArn: string,
): Promise<Campaign | undefined> {
  try {
    const { campaign } = await client.send(new DescribeCampaignCommand({ campaignArn }));
    return {
      model,
      status: campaign?.status ?? 'unknown',
      ...(campaign?.solutionVersionArn && { solutionVersion: campaign.solutionVersionArn }),
      minProvisionedTps: campaign?.minProvisionedTPS ?? 1,
    };
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}
