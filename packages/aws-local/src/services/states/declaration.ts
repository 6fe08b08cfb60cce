// AWS Step Functions.
import type { ServiceDeclaration } from '../../declaration';
import { createStates } from '.';
import { stateMachine } from './resources';

export const states: ServiceDeclaration = {
  id: 'states',
  title: 'AWS Step Functions',
  protocol: 'json',
  targetPrefix: 'AWSStepFunctions',
  tasks: { sfn: 'Sfn' },
  resources: { 'AWS::StepFunctions::StateMachine': stateMachine },
  target: (service, { arn, body, principal }) =>
    service.call('StartExecution', { stateMachineArn: arn, input: body }, principal),
  create: createStates,
};
