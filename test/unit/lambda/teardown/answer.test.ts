// What the custom resource answers: CloudFormation takes 4,096 bytes (user guide, "Custom resource response objects"), however much goes.
import { PersonalizeClient } from '@aws-sdk/client-personalize';
import type { CdkCustomResourceEvent } from 'aws-lambda';
import { handler, isComplete } from '../../../../lambda/teardown/handler';

const arn = (name: string) => `arn:aws:personalize:ap-northeast-1:111122223333:dataset-group/${name}`;
const longName = (index: number) => `${'x'.repeat(60)}${index}`;

test('it has room for the answer with the groups of ten files that have the longest names', async () => {
  const datasetGroups = Array.from({ length: 10 }, (_, index) => ({
    ...{ datasetGroupArn: arn(longName(index)), status: 'DELETE IN_PROGRESS' },
  }));
  jest
    .spyOn(PersonalizeClient.prototype, 'send')
    .mockImplementation((async (command: { readonly constructor: { readonly name: string } }) =>
      command.constructor.name === 'ListDatasetGroupsCommand' ? { datasetGroups } : {}) as never);
  const event = {
    ...{ RequestType: 'Delete', PhysicalResourceId: `trained:${arn('g'.repeat(40))}` },
    ResourceProperties: { datasetGroupArn: arn('g'.repeat(40)), scope: 'trained' },
  } as unknown as CdkCustomResourceEvent;
  const left = await isComplete(event as never);
  expect(left).toEqual({ IsComplete: false });
  // The CDK's framework sends both together, with what it was asked.
  const sent = { ...event, ...(await handler(event)), ...left };
  expect(Buffer.byteLength(JSON.stringify(sent))).toBeLessThan(4096);
});
