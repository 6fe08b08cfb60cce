// The settings: defaults, environments, context on top, and every wrong value refused by name.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Fact, FactName } from 'aws-cdk-lib/region-info';
import { readSettings, SettingsError, settingNames } from '../../lib/config';
import { personalizePartition, personalizeRegions } from '../../lib/personalize/regions';
import { synthesize } from './synthesize';

function problemsOf(context: Record<string, unknown>): readonly string[] {
  try {
    readSettings(context);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  throw new Error('the settings were accepted');
}

test('without context it is the dev environment, with names that start with it', () => {
  expect(readSettings({})).toEqual({
    environment: 'dev',
    prefix: 'emotion-gallery-dev',
    minimumUsers: 25,
    minimumInteractions: 1000,
    sampleGallery: true,
    removalPolicy: 'destroy',
    deletionProtection: false,
    keepVersions: false,
    operatorTokenDays: 30,
    visitorTokenDays: 180,
    logRetentionDays: 30,
    campaigns: ['personal', 'similar'],
    trainingSchedule: 'rate(7 days)',
    gateMetric: 'normalized_discounted_cumulative_gain_at_25',
    gateRatioToBaseline: 1,
    gateRatioToServed: 0.95,
    gateStandardErrors: 1.645,
    monthlyBudget: 50,
    rolesForFiles: [],
    keysForFiles: [],
    reservedConcurrency: 0,
  });
});

test('production keeps its data and refuses to be deleted', () => {
  expect(readSettings({ environment: 'prod' })).toMatchObject({
    prefix: 'emotion-gallery-prod',
    removalPolicy: 'retain',
    deletionProtection: true,
  });
});

test('context overrides the environment, as text and as JSON', () => {
  const settings = readSettings({
    environment: 'prod',
    removalPolicy: 'destroy',
    minimumUsers: '30',
    sampleGallery: 'false',
    deletionProtection: false,
  });
  expect(settings).toMatchObject({
    removalPolicy: 'destroy',
    minimumUsers: 30,
    sampleGallery: false,
    deletionProtection: false,
  });
});

test.each([
  ['environment', 'staging', 'one of dev, prod'],
  ['prefix', 'Emotion', '2 to 40 lower-case letters'],
  ['prefix', 'a'.repeat(41), '2 to 40 lower-case letters'],
  ['prefix', 'ends-', '2 to 40 lower-case letters'],
  ['region', 'eu-north-1', 'one of us-east-1'],
  ['minimumUsers', '24', 'an integer from 25'],
  ['minimumUsers', '25.5', 'an integer from 25'],
  ['minimumInteractions', 'many', 'an integer from 1000'],
  ['sampleGallery', 'yes', 'true or false'],
  ['notificationMail', 'someone', 'an e-mail address'],
  ['removalPolicy', 'snapshot', 'one of destroy, retain'],
  ['deletionProtection', '', 'true or false'],
  ['operatorTokenDays', '0', 'an integer from 1 to 365'],
  ['visitorTokenDays', '-1', 'an integer from 1 to 3650'],
  ['logRetentionDays', '31', 'one of 1, 3, 5'],
  ['campaigns', 'personal,all', 'none, or some of personal, similar, ranking'],
  ['campaigns', '', 'none, or some of personal'],
  ['trainingSchedule', 'weekly', 'rate(<number>'],
  ['trainingSchedule', 'rate(0 days)', 'rate(<number>'],
  ['gateMetric', 'accuracy', 'one of normalized_discounted_cumulative_gain_at_5'],
  ['gateRatioToBaseline', '-0.5', 'a number from 0'],
  ['gateRatioToServed', 'much', 'a number from 0'],
  ['gateStandardErrors', '-1', 'a number from 0'],
  ['monthlyBudget', '0', 'an integer from 1'],
  ['reservedConcurrency', '-1', 'an integer from 0 to 1000'],
  ['githubRepository', 'a name', 'owner/name'],
  ['githubProviderArn', 'arn:aws:iam::1:oidc-provider/x', 'the ARN of the OpenID Connect provider'],
])('a wrong %s (%p) is refused with what is allowed', (name, value, allowed) => {
  const [problem, ...others] = problemsOf({ [name]: value });
  expect(others).toEqual([]);
  expect(problem).toContain(`${name}: got ${JSON.stringify(value)}, allowed is ${allowed}`);
});

test('every setting is described', () => {
  const described = readFileSync(resolve(__dirname, '../../docs/settings.md'), 'utf8');
  for (const name of settingNames) expect(described).toContain(`| \`${name}\` |`);
});

test('campaigns are a list with commas, or none', () => {
  expect(readSettings({ campaigns: 'ranking,personal' }).campaigns).toEqual(['personal', 'ranking']);
  expect(readSettings({ campaigns: 'none' }).campaigns).toEqual([]);
});

test('all wrong settings are reported together', () => {
  expect(problemsOf({ minimumUsers: 1, sampleGallery: 1, removalPolicy: 1 })).toHaveLength(3);
});

test('a misspelt setting is refused with the names that there are', () => {
  const [problem] = problemsOf({ minimumUser: '30' });
  expect(problem).toContain('minimumUser: got "30"');
  for (const name of settingNames) expect(problem).toContain(name);
});

test('the context of the CDK and its libraries is left alone', () => {
  const foreign = {
    '@aws-cdk/core:anything': true,
    'aws:cdk:enable-path-metadata': true,
    'availability-zones:a': [],
  };
  expect(() => readSettings(foreign)).not.toThrow();
});

test('every region that may be chosen has the functions’ runtime, and is in the partition that ARNs are written for', () => {
  const { template } = synthesize();
  const runtimes = Object.values(template('engagement').findResources('AWS::Lambda::Function')).map(
    ({ Properties }) => Number(/^nodejs(\d+)\.x$/.exec(Properties.Runtime)?.[1]),
  );
  for (const region of personalizeRegions) {
    expect(Fact.find(region, FactName.PARTITION)).toBe(personalizePartition);
    const newest = Number(/\d+/.exec(Fact.requireFact(region, FactName.LATEST_NODE_RUNTIME))?.[0]);
    for (const runtime of runtimes) expect(newest).toBeGreaterThanOrEqual(runtime);
  }
});
