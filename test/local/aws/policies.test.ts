// Every statement that the app's roles were granted is taken away, and exactly the calls that need it are denied.
import { predecessorsPrefixes } from '../../../lambda/shared/configuration/places';
import { matchesWildcard } from '../../../packages/aws-local/src/iam/match';
import { assume, type RoleSession } from './support/as-role';
import { type DeployedGallery, deployGallery } from './support/gallery';
import { type AppRole, type Grant, Grants, newDenials } from './support/granted';
import { callsFor } from './support/role-calls';
import { Traffic } from './support/traffic';

/** The roles, by their ids in the templates without the hash. */
const ROLES = [
  'BucketEmptyinglambdaemptybucketRole',
  'CatalogIngestionlambdacatalogRole',
  'CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C512MiB512MiBServiceRole',
  'DatasetProviderframeworkisCompleteServiceRole',
  'DatasetProviderframeworkonEventServiceRole',
  'DatasetProviderframeworkonTimeoutServiceRole',
  'DatasetProviderlambdadatasetRole',
  'DatasetProviderlambdadatasetpassRole',
  'DatasetProviderwaiterstatemachineRole',
  'ForgettinglambdaforgetRole',
  'ForgettinglambdaforgetsweepRole',
  'FunctionslambdacurateRole',
  'FunctionslambdaimagesRole',
  'FunctionslambdalikeRole',
  'FunctionslambdaopenapiRole',
  'FunctionslambdaoperatorRole',
  'FunctionslambdaprogressRole',
  'FunctionslambdavisitorsRole',
  'LikeDeliverylambdaredeliverRole',
  'PipelineRole',
  'PipelinelambdacontrollerRole',
  'PipelinelambdacontrollersweepRole',
  'RemovedPictureslambdainvalidateRole',
  'ServiceRole',
  'ServinglambdarankingRole',
  'ServinglambdarecommendRole',
  'ServinglambdasimilarRole',
  'ServinglambdastatusRole',
  'TeardownProviderframeworkisCompleteServiceRole',
  'TeardownProviderframeworkonEventServiceRole',
  'TeardownProviderframeworkonTimeoutServiceRole',
  'TeardownProviderlambdateardownRole',
  'TeardownProviderlambdateardownpassRole',
  'TeardownProviderwaiterstatemachineRole',
  'TrainingControllambdatrainingRole',
];

/** What the CDK grants by itself: the delivery of logs and traces, which runs only on AWS, and the whole of an upload. */
const GRANTED_BY_THE_CDK = [
  'logs:*LogDeliver*',
  'logs:Describe*',
  'logs:PutResourcePolicy',
  's3:Abort*',
  's3:PutObjectLegalHold',
  's3:PutObjectRetention',
  's3:PutObjectTagging',
  's3:PutObjectVersionTagging',
  'xray:*',
];

/** For buckets that keep versions of objects, which those of this deployment do not. */
const FOR_VERSIONS = ['s3:DeleteObjectVersion', 's3:ListBucketVersions'];

const DENIAL_WITHIN_MS = 60_000;

let gallery: DeployedGallery;
let grants: Grants;
let traffic: Traffic;
let roles: ReadonlyMap<string, AppRole>;

beforeAll(async () => {
  gallery = await deployGallery();
  grants = new Grants(gallery.endpoint);
  traffic = new Traffic(gallery);
  await traffic.begin();
  // What is not there can only be told from what may not be read by somebody who may list it.
  for (const prefix of predecessorsPrefixes) {
    const object = { Bucket: gallery.outputs.BucketName, Key: `${prefix}some/thing`, Body: 'x' };
    await gallery.endpoint.call('s3', 'PutObject', object);
  }
  roles = new Map((await grants.roles()).map((role) => [role.logicalId, role]));
});

afterAll(async () => {
  traffic?.close();
  await gallery?.dispose();
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const isTheCdks = (action: string) =>
  GRANTED_BY_THE_CDK.some((pattern) => matchesWildcard(pattern, action, true));

/** Does what needs the grants: the function's own traffic, and direct calls. */
async function drive(role: AppRole, session: RoleSession, needed: readonly Grant[]): Promise<void> {
  const [, name] = /lambda([a-z]+)Role$/.exec(role.logicalId) ?? [];
  if (name !== undefined) await (traffic.drives[name]?.() ?? traffic.touch(role.functions));
  for (const grant of needed) {
    for (const call of callsFor(grant, gallery)) await session.call(...call);
  }
}

/** What functions read once and keep. */
const CACHED = ['secretsmanager:GetSecretValue', 'dynamodb:Query', 'dynamodb:BatchGetItem'];

/** New processes, without what the old ones have cached. */
async function restartFunctions({ functions }: AppRole, { statement }: Grant): Promise<void> {
  if (!statement.actions?.some((action) => CACHED.includes(action))) return;
  for (const FunctionName of functions) {
    const Description = `restarted at ${performance.now()}`;
    await gallery.endpoint.call('lambda', 'UpdateFunctionConfiguration', { FunctionName, Description });
  }
}

/** The actions that are denied while the statement is away. */
async function deniedWithout(grant: Grant, role: AppRole, session: RoleSession): Promise<string[]> {
  const before = grants.denials(role.arn);
  let denied: string[] = [];
  await grants.without([grant], async () => {
    await restartFunctions(role, grant);
    await drive(role, session, [grant]);
    for (let waited = 0; denied.length === 0 && waited < DENIAL_WITHIN_MS; waited += 50) {
      denied = newDenials(before, grants.denials(role.arn));
      if (denied.length === 0) await pause(50);
    }
  });
  return denied;
}

test('the app has these roles and no others', () => {
  expect([...roles.keys()].sort()).toEqual(ROLES);
});

describe.each(ROLES)('%s', (logicalId) => {
  let role: AppRole;
  let session: RoleSession;

  beforeAll(async () => {
    const found = roles.get(logicalId);
    if (!found) throw new Error(`there is no role ${logicalId}`);
    role = found;
    session = await assume(gallery.endpoint, role);
  });

  afterAll(() => session?.close());

  test('uses all that it is granted, and is denied nothing', async () => {
    const all = await grants.of(role);
    await drive(role, session, all);
    const unused = () =>
      all.flatMap((grant) =>
        (grant.statement.actions ?? [])
          .filter((action) => !isTheCdks(action) && !FOR_VERSIONS.includes(action))
          .filter((action) => !grants.isUsed(grant, action))
          .map((action) => `${action} on ${grant.statement.resources?.join(', ')}`),
      );
    for (let waited = 0; unused().length > 0 && waited < DENIAL_WITHIN_MS; waited += 50) await pause(50);
    expect(unused()).toEqual([]);
    expect([...grants.denials(role.arn).keys()]).toEqual([]);
  });

  test('without one statement exactly its calls are denied', async () => {
    for (const grant of await grants.of(role)) {
      const actions = grant.statement.actions ?? [];
      if (actions.every(isTheCdks)) continue;
      const denied = await deniedWithout(grant, role, session);
      const foreign = denied.filter((action) => !actions.some((own) => matchesWildcard(own, action, true)));
      expect({ actions, isDenied: denied.length > 0, foreign }).toEqual({
        actions,
        isDenied: true,
        foreign: [],
      });
    }
  });
});
