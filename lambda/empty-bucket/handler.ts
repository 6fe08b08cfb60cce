// The custom resource that empties a bucket before CloudFormation deletes it; a bucket with objects cannot be deleted.
import { S3Client } from '@aws-sdk/client-s3';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { emptyBucket } from './empty-bucket';
import { respond } from './respond';

const client = new S3Client({});

/** CloudFormation waits for an answer, so a failure is answered too, with its reason. */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<void> {
  const { BucketName, OnDelete } = event.ResourceProperties;
  try {
    if (event.RequestType === 'Delete' && OnDelete === 'empty') await emptyBucket(client, BucketName);
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    await respond(event, BucketName, { status: 'FAILED', reason });
    // Thrown as well, so that the function's alarm rings; trying again does no harm.
    throw error;
  }
  await respond(event, BucketName, { status: 'SUCCESS' });
}
