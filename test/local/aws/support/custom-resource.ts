// The function behind a custom resource, as resources of a template: what it is asked stays in its log when the stack is gone.

const lambdaMayAssume = {
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/** The service token of custom resources beside {@link customResourceFunction}. */
export const serviceToken = { 'Fn::GetAtt': ['Function', 'Arn'] };

/** @param code JavaScript that exports `handler` */
export function customResourceFunction(code: string, logGroupName: string) {
  return {
    Logs: {
      Type: 'AWS::Logs::LogGroup',
      Properties: { LogGroupName: logGroupName },
      DeletionPolicy: 'Retain',
    },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: lambdaMayAssume,
        Policies: [
          {
            PolicyName: 'logs',
            PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'logs:*', Resource: '*' }] },
          },
        ],
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Handler: 'index.handler',
        Runtime: 'nodejs22.x',
        Timeout: 10,
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Code: { ZipFile: code },
        LoggingConfig: { LogGroup: { Ref: 'Logs' } },
      },
    },
  };
}
