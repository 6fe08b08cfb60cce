// Amazon Personalize inside the local AWS: the service of the package personalize-local behind this endpoint's IAM, with its S3.

import type { Clock } from '@emotion-gallery/local-kit/clock';
import {
  createPersonalize,
  type HttpRequest,
  type PersonalizeService,
} from '@emotion-gallery/personalize-local';
import type { CloudWatchService } from '../../ports';
import { AwsError, type AwsService, type Principal, type ServiceContext, type Shape } from '../../service';
import { PersonalizeObjectStore } from './object-store';

const SERVICE = 'personalize.amazonaws.com';

export interface PersonalizeMount extends AwsService {
  readonly personalize: PersonalizeService;
}

export interface PersonalizeMountProps {
  readonly administrator: Principal;
  /** The time that life cycles run on; it may go faster than that of the other services. */
  readonly clock: Clock;
  readonly faults?: readonly string[];
}

function authorizeRequest(
  context: ServiceContext,
  personalize: PersonalizeService,
  request: HttpRequest,
  principal: Principal,
): void {
  const { action, resources, passedRoleArn } = personalize.requiredPermission(request);
  for (const resource of resources) context.authorize({ principal, action, resource });
  if (passedRoleArn !== undefined) {
    context.authorize({
      principal,
      action: 'iam:PassRole',
      resource: passedRoleArn,
      context: { 'iam:passedtoservice': SERVICE },
    });
  }
}

/** The wire request of an operation, for calls in process. The control plane and the two data planes differ in it. */
function wireRequest(operation: string, input: Shape): HttpRequest {
  const body = Buffer.from(JSON.stringify(input));
  const dataPlane: Readonly<Record<string, string>> = {
    PutEvents: '/events',
    PutItems: '/items',
    PutUsers: '/users',
    PutActions: '/actions',
    PutActionInteractions: '/action-interactions',
    GetRecommendations: '/recommendations',
    GetPersonalizedRanking: '/personalize-ranking',
    GetActionRecommendations: '/action-recommendations',
  };
  const path = dataPlane[operation];
  if (path !== undefined) {
    return { method: 'POST', path, query: {}, headers: { 'content-type': 'application/json' }, body };
  }
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AmazonPersonalize.${operation}`,
  };
  return { method: 'POST', path: '/', query: {}, headers, body };
}

/** Members that the wire gives as seconds since the epoch stay numbers: only life cycles are read in process. */
function readAnswer(status: number, body: Buffer, headers: Readonly<Record<string, string>>): Shape {
  if (status === 0)
    throw new AwsError('SdkClientException', 'The connection was closed without an answer.', 500);
  const answer = body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as Record<string, unknown>);
  if (status < 300) return answer;
  const code = headers['x-amzn-errortype'] ?? String(answer.__type ?? 'InternalFailure');
  throw new AwsError(code.split('#').at(-1) ?? code, String(answer.message ?? answer.Message ?? ''), status);
}

export async function createPersonalizeMount(
  context: ServiceContext,
  props: PersonalizeMountProps,
): Promise<PersonalizeMount> {
  const { stateDir, accountId, region, log } = context;
  const personalize = await createPersonalize({
    stateDir,
    accountId,
    region,
    clock: props.clock,
    objectStore: new PersonalizeObjectStore(context, props.administrator),
    faults: props.faults,
    log,
    putMetric: (...metric) =>
      context.service<CloudWatchService>('monitoring').record('AWS/Personalize', ...metric),
  });
  return {
    id: 'personalize',
    operations: personalize.operations,
    personalize,
    async handle(request) {
      authorizeRequest(context, personalize, request, request.principal);
      return personalize.handle(request);
    },
    async call(operation, input, principal) {
      const request = wireRequest(operation, input);
      authorizeRequest(context, personalize, request, principal);
      const { status, body, headers } = await personalize.handle(request);
      return readAnswer(status, body, headers);
    },
    close: () => personalize.close(),
  };
}
