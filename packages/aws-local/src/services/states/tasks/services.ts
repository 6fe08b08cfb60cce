// The services that tasks call: by their names in resource ARNs, with the names that Step Functions gives their errors.
import { randomUUID } from 'node:crypto';
import { AwsError } from '../../../service';
import { StateFailure, Stopped } from '../language/failure';
import { hasException } from './api-case';

interface ErrorNames {
  readonly prefix: string;
  /** What an error is called that the SDK has no exception for. */
  readonly general: string;
  /** In causes. */
  readonly service: string;
}

interface Integration extends ErrorNames {
  readonly id: string;
  readonly actions: readonly string[];
}

/** Integrations that Step Functions has of its own. https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html */
export const INTEGRATIONS: Readonly<Record<string, Integration>> = {
  dynamodb: {
    id: 'dynamodb',
    prefix: 'DynamoDB',
    general: 'AmazonDynamoDBException',
    service: 'AmazonDynamoDBv2',
    actions: ['getItem', 'putItem', 'updateItem', 'deleteItem'],
  },
  events: {
    id: 'events',
    prefix: 'EventBridge',
    general: 'AmazonEventBridgeException',
    service: 'AmazonEventBridge',
    actions: ['putEvents'],
  },
  lambda: {
    id: 'lambda',
    prefix: 'Lambda',
    general: 'AWSLambdaException',
    service: 'AWSLambda',
    actions: ['invoke'],
  },
  sns: {
    id: 'sns',
    prefix: 'SNS',
    general: 'AmazonSNSException',
    service: 'AmazonSNS',
    actions: ['publish'],
  },
  sqs: {
    id: 'sqs',
    prefix: 'SQS',
    general: 'AmazonSQSException',
    service: 'AmazonSQS',
    actions: ['sendMessage'],
  },
  states: {
    id: 'states',
    prefix: 'StepFunctions',
    general: 'AWSStepFunctionsException',
    service: 'AWSStepFunctions',
    actions: ['startExecution'],
  },
};

/** Errors that no SDK has an exception for. */
const UNMODELLED = ['ValidationException', 'ValidationError', 'UnknownOperationException'];

/** @param name The service's, in an SDK integration. @param prefix What the names of its errors begin with. */
export function sdkFailure(error: unknown, name: string, prefix: string): Error {
  return failureOf(error, (code, failed) => {
    const isKnown = hasException(name, failed.code) ?? !isGeneral(failed.code);
    const details = `(Service: ${prefix}, Status Code: ${failed.status}, Request ID: ${randomUUID()}) (SDK Attempt Count: 1)`;
    return [`${prefix}.${isKnown ? code : `${prefix}Exception`}`, `${failed.message} ${details}`];
  });
}

export function integrationFailure(error: unknown, { prefix, general, service }: ErrorNames): Error {
  return failureOf(error, (code, failed) => {
    const details = `Service: ${service}; Status Code: ${failed.status}; Error Code: ${failed.code}; Request ID: ${randomUUID()}; Proxy: null`;
    return [`${prefix}.${isGeneral(failed.code) ? general : code}`, `${failed.message} (${details})`];
  });
}

function isGeneral(code: string): boolean {
  return code.startsWith('AccessDenied') || UNMODELLED.includes(code);
}

function failureOf(
  error: unknown,
  named: (code: string, error: AwsError) => [error: string, cause: string],
): Error {
  if (error instanceof StateFailure || error instanceof Stopped) return error;
  if (!(error instanceof AwsError)) return new StateFailure('States.TaskFailed', String(error));
  const code = error.code.endsWith('Exception') ? error.code : `${error.code}Exception`;
  return new StateFailure(...named(code, error));
}
