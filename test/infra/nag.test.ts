// cdk-nag's AwsSolutions pack and the CDK's default rules over all stacks.
import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { synthesize } from './synthesize';

function check(context: Record<string, unknown>): void {
  const checks = { '@aws-cdk/core:validateAgainstDefaultRules': true };
  synthesize({ ...checks, ...context }, (app: App) =>
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app)),
  );
}

test.each([
  ['dev, in the region of the CLI', {}],
  [
    'prod, in a named region, with mails',
    { environment: 'prod', region: 'eu-west-1', notificationMail: 'a@b.example' },
  ],
])('no finding is left unacknowledged in %s', (_name, context) => {
  expect(() => check(context)).not.toThrow();
});
