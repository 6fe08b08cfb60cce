// cdk-nag's rule packs over all stacks: every finding is mended, or accepted with a reason at the construct that has it.
import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import { synthesize } from './synthesize';

const prod = {
  environment: 'prod',
  region: 'eu-west-1',
  notificationMail: 'somebody@gallery.example',
  githubRepository: 'somebody/emotion-gallery',
};

const withPacks = (app: App) =>
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app),
    new NIST80053R5Checks(app),
    new ServerlessChecks(app),
  );

test.each([
  ['dev, in the region of the CLI', {}],
  ['prod, in a named region, with mails and the Delivery stack', prod],
])('cdk-nag finds nothing that is not acknowledged in %s', (_name, context) => {
  expect(() => synthesize(context, withPacks)).not.toThrow();
});

test('cdk-nag does look: what nobody acknowledged stops the synthesis, by each of the packs', () => {
  const forgetful = jest.spyOn(Validations.prototype, 'acknowledge').mockImplementation();
  for (const [Pack, finding] of [
    [AwsSolutionsChecks, /AwsSolutions-S1/],
    [NIST80053R5Checks, /NIST\.800\.53\.R5-S3BucketLoggingEnabled/],
    [ServerlessChecks, /Serverless-LambdaDLQ/],
  ] as const) {
    expect(() => synthesize({}, (app) => Validations.of(app).addPlugins(new Pack(app)))).toThrow(finding);
  }
  forgetful.mockRestore();
});
