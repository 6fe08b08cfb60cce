// Amazon Personalize inside the local AWS: the service of the package personalize-local behind this endpoint's IAM, with its S3.

import type { Clock } from '@emotion-gallery/local-kit/clock';
import {
  createPersonalize,
  PersonalizeError,
  type PersonalizeService,
  type RequiredPermission,
} from '@emotion-gallery/personalize-local';
import type { CloudWatchService } from '../../ports';
import { AwsError, type AwsService, type Principal, type ServiceContext } from '../../service';
import { withTags } from '../shared/request-tags';
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
  readonly retiredRecipes?: boolean;
}

function authorize(
  context: ServiceContext,
  { action, resources, passedRoleArn, tags }: RequiredPermission,
  principal: Principal,
): void {
  const [subject = '*', ...parents] = resources;
  context.authorize({ principal, action, resource: subject, context: withTags({}, { tags }) });
  for (const resource of parents) context.authorize({ principal, action, resource });
  if (passedRoleArn !== undefined) {
    context.authorize({
      principal,
      action: 'iam:PassRole',
      resource: passedRoleArn,
      context: { 'iam:passedtoservice': SERVICE },
    });
  }
}

/** What a caller in process gets instead of a service error's HTTP answer, or of none. */
function asAwsError(error: unknown): AwsError {
  if (error instanceof PersonalizeError) {
    return new AwsError(error.code, error.message, error.code === 'InternalFailure' ? 500 : 400);
  }
  return new AwsError('SdkClientException', 'The connection was closed without an answer.', 500);
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
    retiredRecipes: props.retiredRecipes,
    log,
    putMetric: (...metric) =>
      context.service<CloudWatchService>('monitoring').record('AWS/Personalize', ...metric),
  });
  return {
    id: 'personalize',
    operations: personalize.operations,
    personalize,
    async handle(request) {
      authorize(context, personalize.requiredPermission(request), request.principal);
      return personalize.handle(request);
    },
    async call(operation, input, principal, region) {
      authorize(context, personalize.permissionOf(operation, input, region), principal);
      try {
        return await personalize.call(operation, input, region);
      } catch (error) {
        throw asAwsError(error);
      }
    },
    close: () => personalize.close(),
  };
}
