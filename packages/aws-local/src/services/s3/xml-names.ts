// What members are called in S3's documents, where lists are repeated elements with a name of their own.

/** Elements that are lists, by their name in documents. */
export const LISTS: Readonly<Record<string, string>> = {
  AllowedHeader: 'AllowedHeaders',
  AllowedMethod: 'AllowedMethods',
  AllowedOrigin: 'AllowedOrigins',
  CloudFunctionConfiguration: 'LambdaFunctionConfigurations',
  CORSRule: 'CORSRules',
  Event: 'Events',
  ExposeHeader: 'ExposeHeaders',
  FilterRule: 'FilterRules',
  Object: 'Objects',
  Part: 'Parts',
  QueueConfiguration: 'QueueConfigurations',
  Rule: 'Rules',
  TopicConfiguration: 'TopicConfigurations',
  Upload: 'Uploads',
};

/** Elements with another name. */
export const RENAMED: Readonly<Record<string, string>> = {
  CloudFunction: 'LambdaFunctionArn',
  Queue: 'QueueArn',
  S3Key: 'Key',
  Topic: 'TopicArn',
};

const BACK = new Map(
  Object.entries({ ...LISTS, ...RENAMED })
    .filter(([, member]) => member !== 'Key')
    .map(([element, member]) => [member, element]),
);

/** The element of a member; a filter's `Key` is an object, a tag's is not. */
export function elementOf(member: string, value: unknown): string {
  if (member === 'Key' && typeof value === 'object') return 'S3Key';
  return BACK.get(member) ?? member;
}
