// The clients and settings of a serving function, made once a function instance.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PersonalizeRuntimeClient } from '@aws-sdk/client-personalize-runtime';
import { clientLimits } from '../clients';
import { catalogue } from '../gallery/catalogue';
import { likedItems } from '../gallery/liked';
import { logger } from '../logger';
import { requireEnv } from '../require-env';
import { campaignAsker } from './ask';
import { recentLikes } from './popular';
import type { ServingOptions } from './serving';

/** Slower than this the visitor gets popular pictures instead. Milliseconds. */
const MODEL_TIMEOUT_MS = 800;

/** @param campaignVariable the environment variable that names the campaign */
export function servingOptions(campaignVariable: string): ServingOptions {
  const dynamodb = new DynamoDBClient(clientLimits());
  const likesTable = requireEnv('LIKES_TABLE');
  return {
    personalize: new PersonalizeRuntimeClient({ ...clientLimits(MODEL_TIMEOUT_MS), maxAttempts: 1 }),
    campaignArn: requireEnv(campaignVariable),
    ask: campaignAsker({ logger, now: Date.now }),
    catalogue: catalogue(dynamodb, requireEnv('ITEMS_TABLE'), Date.now),
    recentLikes: recentLikes(dynamodb, likesTable, Date.now),
    likedItems: likedItems(dynamodb, { likes: likesTable, visitors: requireEnv('VISITORS_TABLE') }),
  };
}
