// The clients and settings of a serving function, made once a function instance.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PersonalizeRuntimeClient } from '@aws-sdk/client-personalize-runtime';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientLimits } from '../clients';
import { catalogue } from '../gallery/catalogue';
import { logger } from '../logger';
import { requireEnv } from '../require-env';
import { secretOf } from '../secrets';
import type { TokenSettings } from '../tokens';
import { campaignAsker } from './ask';
import { recentLikes } from './popular';
import type { ServingOptions } from './serving';

/** Slower than this the visitor gets popular pictures instead. Milliseconds. */
const MODEL_TIMEOUT_MS = 800;

export interface ServingRim {
  readonly options: ServingOptions;
  readonly tokens: TokenSettings;
}

/** @param campaignVariable the environment variable that names the campaign */
export function servingRim(campaignVariable: string): ServingRim {
  const dynamodb = new DynamoDBClient(clientLimits());
  const likesTable = requireEnv('LIKES_TABLE');
  return {
    tokens: {
      secret: secretOf(new SecretsManagerClient(clientLimits()), requireEnv('VISITOR_SECRET_ARN')),
      issuer: requireEnv('DATASET_GROUP_ARN'),
      now: Date.now,
    },
    options: {
      dynamodb,
      personalize: new PersonalizeRuntimeClient({ ...clientLimits(MODEL_TIMEOUT_MS), maxAttempts: 1 }),
      campaignArn: requireEnv(campaignVariable),
      ask: campaignAsker({ logger, now: Date.now }),
      catalogue: catalogue(dynamodb, requireEnv('ITEMS_TABLE'), Date.now),
      recentLikes: recentLikes(dynamodb, likesTable, Date.now),
      likesTable,
    },
  };
}
