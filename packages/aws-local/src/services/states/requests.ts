// What the operations' inputs are checked with, and lists in pages.
import { z } from 'zod';
import { AwsError } from '../../service';

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html */
const NOT_IN_NAMES = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;
export const NAME = z
  .string()
  .min(1)
  .max(80)
  .refine((name) => !NOT_IN_NAMES.test(name), 'has characters that a name must not have');
export const TAGS = z.array(z.object({ key: z.string(), value: z.string() }));
export const LOGGING = z.object({
  level: z.enum(['ALL', 'ERROR', 'FATAL', 'OFF']).optional(),
  includeExecutionData: z.boolean().optional(),
  destinations: z
    .array(z.object({ cloudWatchLogsLogGroup: z.object({ logGroupArn: z.string().optional() }).optional() }))
    .optional(),
});
/** Kept and told; there is no X-Ray here that traces would be sent to. */
export const TRACING = z.object({ enabled: z.boolean().default(false) });

const MOST_RESULTS = 1_000;
const DEFAULT_RESULTS = 100;

/** What is encrypted with a key of one's own is read only with it; nothing is here. */
export const INCLUDED_DATA = {
  includedData: z.enum(['ALL_DATA'], 'only ALL_DATA is supported on localhost').optional(),
};

export const PAGE = {
  maxResults: z.number().int().min(0).default(DEFAULT_RESULTS),
  nextToken: z.string().min(1).optional(),
};

/** A ValidationException in AWS's words. */
export function violation(value: unknown, member: string, constraint: string): AwsError {
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: Member must ${constraint}`,
  );
}

/** @param longestToken AWS's limit for the operation. @throws InvalidToken, ValidationException */
export function page<T>(
  items: readonly T[],
  { maxResults, nextToken = '' }: { maxResults: number; nextToken?: string },
  longestToken: number,
): { items: readonly T[]; nextToken: string | undefined } {
  if (maxResults > MOST_RESULTS)
    throw violation(maxResults, 'maxResults', `have value less than or equal to ${MOST_RESULTS}`);
  if (nextToken.length > longestToken)
    throw violation(nextToken, 'nextToken', `have length less than or equal to ${longestToken}`);
  const text = nextToken === '' ? '0' : Buffer.from(nextToken, 'base64url').toString();
  if (!/^\d+$/.test(text)) throw new AwsError('InvalidToken', `Invalid Token: '${nextToken}'`);
  const start = Number(text);
  const end = start + (maxResults || DEFAULT_RESULTS);
  return {
    items: items.slice(start, end),
    nextToken: end < items.length ? Buffer.from(String(end)).toString('base64url') : undefined,
  };
}

/** @throws InvalidArn */
export function requireArn(arn: string, kind: 'stateMachine' | 'execution'): void {
  if (!arn.startsWith('arn:')) throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  if (!arn.includes(`:${kind}:`) || arn.split(':')[2] !== 'states')
    throw new AwsError('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${arn}'`);
}
