// Limits of AWS clients: time-outs that fit inside a request, so that an error surfaces in our code and is handled there.
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type { SQSClientConfig } from '@aws-sdk/client-sqs';

/**
 * Settings for a client. Two attempts: callers have their own, longer-lived way to try again (the transaction's
 * retries, the retry queue, the sweep), and the SDK's retry quota stops even the second one while a service is down.
 *
 * @param requestTimeout milliseconds an attempt
 */
export function clientLimits(requestTimeout = 2000) {
  return {
    maxAttempts: 2,
    // Commands of one kind share what the SDK would otherwise put together anew for each.
    cacheMiddleware: true,
    requestHandler: { connectionTimeout: 1000, requestTimeout, throwOnRequestTimeout: true },
  } satisfies DynamoDBClientConfig;
}

/** Amazon Personalize allows one control-plane request a second for each operation: wait and try again. */
export const PATIENT = { maxAttempts: 10, retryMode: 'adaptive' } as const;

/**
 * {@link clientLimits} for SQS. The queue is called at the client's own endpoint and not at the host that its URL names: on
 * localhost, where CloudFormation keeps the URL, that host has the port of an earlier start.
 */
export function queueLimits(requestTimeout?: number) {
  return { ...clientLimits(requestTimeout), useQueueUrlAsEndpoint: false } satisfies SQSClientConfig;
}
