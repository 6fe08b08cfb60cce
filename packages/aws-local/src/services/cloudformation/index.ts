// AWS CloudFormation: the API over the engine in ../../cloudformation.
import { z } from 'zod';
import type { Engine } from '../../cloudformation/engine';
import { validationError } from '../../cloudformation/template';
import type { AwsService, ServiceContext } from '../../service';
import { type Operations, operation } from '../shared/operations';
import { queryService } from '../shared/query-protocol';
import { createAllow } from './allow';
import { changeSetOperations } from './change-sets';
import { readOperations } from './reads';
import { Sources } from './sources';
import { stackOperations } from './stacks';

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

/** Known to the CDK CLI, and refused with the reason. */
const REFUSED: Operations = Object.fromEntries(
  ['DetectStackDrift', 'DetectStackResourceDrift', 'DescribeStackResourceDrifts'].map((name) => [
    name,
    operation(z.unknown(), () => {
      throw validationError(
        'Drift detection is not supported on localhost: cdk diff compares the template with what was deployed.',
      );
    }),
  ]),
);

export function createCloudFormation(context: ServiceContext, engine: Engine): AwsService {
  const allow = createAllow(context, engine);
  const sources = new Sources(context, engine);
  return queryService({
    id: 'cloudformation',
    namespace: NAMESPACE,
    invalidInput: 'ValidationError',
    operations: {
      ...changeSetOperations(context, engine, sources, allow),
      ...stackOperations(engine, sources, allow),
      ...readOperations(engine, allow),
      ...REFUSED,
    },
    start: () => engine.resume(),
    close: () => engine.close(),
  });
}
