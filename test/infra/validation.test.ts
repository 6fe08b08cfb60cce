// cdk-nag's rule packs over all stacks.
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { synthesize } from './synthesize';

const prod = { environment: 'prod', region: 'eu-west-1', notificationMail: 'somebody@gallery.example' };

test.each([
  ['dev, in the region of the CLI', {}],
  ['prod, in a named region, with mails', prod],
])('cdk-nag finds nothing that is not acknowledged in %s', (_name, context) => {
  expect(() =>
    synthesize(context, (app) => Validations.of(app).addPlugins(new AwsSolutionsChecks(app))),
  ).not.toThrow();
});

test('cdk-nag does look: a finding that nobody acknowledged stops the synthesis', () => {
  const forgetful = jest.spyOn(Validations.prototype, 'acknowledge').mockImplementation();
  expect(() => synthesize({}, (app) => Validations.of(app).addPlugins(new AwsSolutionsChecks(app)))).toThrow(
    /AwsSolutions-S1/,
  );
  forgetful.mockRestore();
});
