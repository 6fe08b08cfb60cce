// Groups of configuration files: one that is being deleted does not tell whose it is, and is waited for.
import { PersonalizeClient, ResourceInUseException } from '@aws-sdk/client-personalize';
import { passOverMadeGroups } from '../../../../lambda/teardown/made-groups';

const arn = (name: string) => `arn:aws:personalize:eu-west-1:111122223333:dataset-group/${name}`;

test('a group that is being deleted is left until it is gone, and its tags are not asked for', async () => {
  let groups = [{ datasetGroupArn: arn('films'), status: 'DELETE IN_PROGRESS' }];
  const client = new PersonalizeClient({ region: 'eu-west-1' });
  client.send = (async (command: { readonly constructor: { readonly name: string } }) => {
    if (command.constructor.name === 'ListDatasetGroupsCommand') return { datasetGroups: groups };
    throw new ResourceInUseException({ message: 'is in status DELETE IN_PROGRESS.', $metadata: {} });
  }) as never;
  expect(await passOverMadeGroups(client, arn('gallery'))).toEqual([
    { kind: 'dataset group', arn: arn('films'), status: 'DELETE IN_PROGRESS' },
  ]);
  groups = [];
  expect(await passOverMadeGroups(client, arn('gallery'))).toEqual([]);
});
