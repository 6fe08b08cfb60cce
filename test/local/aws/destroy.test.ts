// `cdk destroy --all` of the whole app: nothing is left in any service but what is retained.
import { cdk } from './support/cli';
import { type DeployedGallery, deployGallery } from './support/gallery';
import { left } from './support/left';

let gallery: DeployedGallery;

beforeAll(async () => {
  gallery = await deployGallery();
});

afterAll(() => gallery?.dispose());

test('destroying all stacks leaves the buckets of the CDK and of CloudFormation itself, and nothing else', async () => {
  const { endpoint, assembly } = gallery;
  const { exitCode, output } = await cdk(
    endpoint,
    'destroy',
    '--all',
    '--force',
    '--app',
    assembly,
    '--no-notices',
  );
  expect({ exitCode, output: exitCode === 0 ? '' : output }).toEqual({ exitCode: 0, output: '' });
  expect(await left(endpoint)).toEqual({
    buckets: [
      'cdk-hnb659fds-assets-000000000000-us-east-1',
      // Takes the answers of custom resources; on AWS it is in an account of CloudFormation's.
      'cloudformation-custom-resource-response-useast1',
    ],
    roles: [],
    scheduleGroups: ['default'],
    distributions: 0,
  });
});
