// What the operations' inputs are checked with, and lists in pages.
import { z } from 'zod';
import { AwsError } from '../../service';

export const NAME = z.string().regex(/^[\w-]{1,80}$/, 'must be 1 to 80 letters, digits, - and _');
export const TAGS = z.array(z.object({ key: z.string(), value: z.string() }));
export const LOGGING = z.looseObject({
  level: z.enum(['ALL', 'ERROR', 'FATAL', 'OFF']).optional(),
  includeExecutionData: z.boolean().optional(),
});
export const TRACING = z.object({
  enabled: z.literal(false, 'X-Ray is not offered on localhost').optional(),
});

const MOST_RESULTS = 1_000;
const DEFAULT_RESULTS = 100;

/** @param longestToken AWS's limit for the operation. */
export function pageFields(longestToken: number) {
  const atMost = (limit: number, what: string) =>
    `failed to satisfy constraint: Member must have ${what} less than or equal to ${limit}`;
  return {
    maxResults: z
      .number()
      .int()
      .min(0)
      .max(MOST_RESULTS, atMost(MOST_RESULTS, 'value'))
      .default(DEFAULT_RESULTS),
    nextToken: z.string().min(1).max(longestToken, atMost(longestToken, 'length')).optional(),
  };
}

/** @throws InvalidToken */
export function page<T>(
  items: readonly T[],
  { maxResults, nextToken }: { maxResults: number; nextToken?: string },
): { items: readonly T[]; nextToken: string | undefined } {
  const text = nextToken === undefined ? '0' : Buffer.from(nextToken, 'base64url').toString();
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
