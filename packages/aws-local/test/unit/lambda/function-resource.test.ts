// How CloudFormation updates a function.
import type { ProviderContext } from '../../../src/cloudformation/provider';
import { lambdaFunction } from '../../../src/services/lambda/function-resource';

it('changes the settings before the code, which may want what was added to the environment', async () => {
  const called: string[] = [];
  const context = {
    call: async (_service: string, operation: string) => {
      called.push(operation);
      return { FunctionName: 'f', FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f' };
    },
  } as unknown as ProviderContext;
  const before = { Code: { S3Bucket: 'b', S3Key: 'one' }, Runtime: 'nodejs22.x' };
  const after = {
    ...before,
    Code: { S3Bucket: 'b', S3Key: 'two' },
    Environment: { Variables: { NEW: '1' } },
  };
  await lambdaFunction.update?.('f', after, before, context);
  expect(called).toEqual(['UpdateFunctionConfiguration', 'UpdateFunctionCode']);
});
