// Amazon S3.
import type { ServiceDeclaration } from '../../declaration';
import { createS3 } from '.';
import { isUpload } from './known-requests';
import { bucket, bucketPolicy } from './resources';

export const s3: ServiceDeclaration = {
  id: 's3',
  title: 'Amazon S3',
  spansRegions: true,
  alsoSignedAs: ['s3express'],
  protocol: 's3',
  isUpload,
  tasks: { s3: 'S3' },
  resources: { 'AWS::S3::Bucket': bucket, 'AWS::S3::BucketPolicy': bucketPolicy },
  create: createS3,
  differences: [
    'No object locks, MFA delete, ACLs, replication or storage classes other than STANDARD.',
    'Objects are encrypted with AES256 alone; lifecycle rules are told apart by their prefix alone, and let objects go; parts are not copied.',
  ],
};
