// A rule each minute.
import { PersonalizeClient } from '@aws-sdk/client-personalize';
import { S3Client } from '@aws-sdk/client-s3';
import { clientLimits, PATIENT } from '../shared/clients';
import { logger } from '../shared/logger';
import { requireEnv } from '../shared/require-env';
import { sweep } from './sweep';

const options = {
  personalize: new PersonalizeClient(PATIENT),
  s3: new S3Client(clientLimits()),
  bucket: requireEnv('GALLERY_BUCKET'),
  datasetGroupArn: requireEnv('DATASET_GROUP_ARN'),
  roleArn: requireEnv('PERSONALIZE_ROLE_ARN'),
  logger,
  now: Date.now,
};

export const handler = (): Promise<void> => sweep(options);
