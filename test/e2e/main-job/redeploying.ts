// Deploying again over the running gallery: nothing changed, a changed function, a change that fails; and the end of it all.
import { accessOf } from '../../../local/start/ready';
import { changeFunction, changeTemplate } from '../../local/app/assembly';
import { likeOf } from '../../local/app/gallery-client';
import { leftovers } from '../../local/app/leftovers';
import { cdk } from '../../local/aws/support/cli';
import { type Deployment, PREFIX } from './deployment';

const STACKS = ['storage', 'personalize', 'engagement', 'site', 'training', 'operations'];
const ENGAGEMENT = `${PREFIX}-engagement`;

export function redeploying(deployment: Deployment): void {
  test('deploying again changes nothing', async () => {
    const { exitCode, output: text } = await cdk(
      accessOf(deployment.app),
      'deploy',
      '--all',
      '--require-approval=never',
      `--app=${deployment.assembly}`,
    );
    expect({ exitCode, text }).toMatchObject({ exitCode: 0 });
    for (const stack of STACKS) expect(text).toContain(`${PREFIX}-${stack} (no changes)`);
  });

  test('a changed function is updated in place', async () => {
    const changed = deployment.copyOfAssembly('changed');
    changeFunction(changed, ENGAGEMENT, 'Pictures by emotion, likes', 'Pictures by mood, likes');
    const { exitCode, output: text } = await deployment.deploy('engagement', changed);
    expect({ exitCode, text }).toMatchObject({ exitCode: 0 });
    expect(text.match(/UPDATE_COMPLETE +\| AWS::Lambda::Function/g)).toHaveLength(1);
    const { text: document } = await deployment.client.send('/api/openapi.json');
    expect(document).toContain('Pictures by mood');
  });

  test('a change that fails is rolled back, and the gallery goes on', async () => {
    const { client } = deployment;
    const broken = deployment.copyOfAssembly('broken');
    changeFunction(broken, ENGAGEMENT, 'Pictures by emotion, likes', 'Pictures by weather, likes');
    changeTemplate(broken, ENGAGEMENT, ({ Resources }) => {
      const [, queue] = Object.entries(Resources).find(([, { Type }]) => Type === 'AWS::SQS::Queue') ?? [];
      const [openapi] = Object.entries(Resources).find(
        ([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.includes('openapi'),
      ) ?? [''];
      if (!queue) throw new Error('the engagement stack has no queue');
      queue.Properties.VisibilityTimeout = 1_000_000;
      // The function is updated first, so that there is something to roll back.
      queue.DependsOn = openapi;
    });
    const { exitCode, output: text } = await deployment.deploy('engagement', broken);
    expect(exitCode).toBe(1);
    // The CLI cuts what is longer than its column.
    expect(text).toContain('UPDATE_ROLLBACK_COMPLET');
    const { text: document } = await client.send('/api/openapi.json');
    expect(document).toContain('Pictures by mood');
    const { token } = await client.createVisitor();
    const { accepted } = await client.like(token, [likeOf('emotions/happy/happy-01.svg')]);
    expect(accepted).toHaveLength(1);
  });

  test('destroying the stacks leaves nothing, in Amazon Personalize least of all', async () => {
    await deployment.minimumEvents.close();
    const { exitCode, output: text } = await cdk(
      accessOf(deployment.app),
      'destroy',
      '--all',
      '--force',
      `--app=${deployment.assembly}`,
    );
    expect({ exitCode, text }).toMatchObject({ exitCode: 0 });
    expect(await leftovers(deployment.app)).toEqual([]);
  });
}
