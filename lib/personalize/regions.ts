// Where Amazon Personalize is.
/**
 * The regions that have Amazon Personalize (AWS General Reference, "Amazon Personalize endpoints and quotas"), but for cn-north-1: it is
 * in another partition, and the ARNs of recipes and the prices here are those of `aws`.
 */
export const personalizeRegions = [
  'us-east-1',
  'us-east-2',
  'us-west-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-west-1',
  'eu-central-1',
] as const;

/** The partition of all of them. */
export const personalizePartition = 'aws';
