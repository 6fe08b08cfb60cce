// The settings of one deployment: typed, read from the environment's table and from `-c name=value`, checked together.
import { environments } from './environments';
import { decimal, flag, integer, oneOf, type RawValue, type SettingKind, someOf, text } from './setting';

/** The regions that have Amazon Personalize (AWS General Reference, "Amazon Personalize endpoints and quotas"). */
export const personalizeRegions = [
  'us-east-1',
  'us-east-2',
  'us-west-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-west-1',
  'eu-central-1',
] as const;

export interface Settings {
  /** The name of the environment. @default 'dev' */
  readonly environment: string;
  /** What every name starts with; two deployments in one account need two prefixes. @default 'emotion-gallery-<environment>' */
  readonly prefix: string;
  /** @default - the region of the AWS CLI's configuration */
  readonly region?: (typeof personalizeRegions)[number];
  /** Users with two likes or more before training starts; Amazon Personalize needs 25. @default 25 */
  readonly minimumUsers: number;
  /** Likes before training starts; Amazon Personalize needs 1,000. @default 1000 */
  readonly minimumInteractions: number;
  /** Whether the generated pictures are put into the gallery. @default true */
  readonly sampleGallery: boolean;
  /** Who is told of alarms, trainings and costs. @default - nobody */
  readonly notificationMail?: string;
  /** What happens to pictures, tables, secrets and logs when the stacks are deleted. @default 'destroy' */
  readonly removalPolicy: 'destroy' | 'retain';
  /** Whether the stateful stacks and the tables refuse to be deleted. @default false */
  readonly deletionProtection: boolean;
  /** Days that an operator link is valid. @default 30 */
  readonly operatorTokenDays: number;
  /** Days that a visitor stays recognised. @default 180 */
  readonly visitorTokenDays: number;
  /** Days that logs are kept. @default 30 */
  readonly logRetentionDays: number;
  /** The models that recommend in the gallery; each campaign costs money while it is up. @default personal and similar */
  readonly campaigns: readonly (typeof servableModels)[number][];
  /** When the gallery trains again after the first time, for EventBridge Scheduler. @default 'rate(7 days)' */
  readonly trainingSchedule: string;
  /** What versions are compared by: a metric of GetSolutionMetrics. @default 'normalized_discounted_cumulative_gain_at_25' */
  readonly gateMetric: (typeof gateMetrics)[number];
  /** A new version serves when its metric is at least this many times that of popularity. @default 1 */
  readonly gateRatioToBaseline: number;
  /** A new version serves when its metric is at least this many times that of the version in service. @default 0.95 */
  readonly gateRatioToServed: number;
  /** So many standard errors below the bar a version has to be to be refused; 0 compares the metrics as they are. @default 1.645 */
  readonly gateStandardErrors: number;
  /** US dollars a month for Amazon Personalize after which `notificationMail` is told. @default 50 */
  readonly monthlyBudget: number;
}

/** The gallery's models that can have a campaign (`lambda/plan/gallery.ts`). */
export const servableModels = ['personal', 'similar', 'ranking'] as const;

/** The metrics that every recipe of the gallery reports (Developer Guide, "Evaluating a solution version with metrics"). */
export const gateMetrics = [
  'normalized_discounted_cumulative_gain_at_5',
  'normalized_discounted_cumulative_gain_at_10',
  'normalized_discounted_cumulative_gain_at_25',
  'precision_at_5',
  'precision_at_10',
  'precision_at_25',
  'mean_reciprocal_rank_at_25',
  'coverage',
] as const;

type Kinds = { readonly [Name in keyof Required<Settings>]: SettingKind<NonNullable<Settings[Name]>> };

/** Days that Amazon CloudWatch Logs accepts as a retention (API reference, PutRetentionPolicy). */
const retentionDays = [
  '1',
  '3',
  '5',
  '7',
  '14',
  '30',
  '60',
  '90',
  '120',
  '150',
  '180',
  '365',
  '400',
  '545',
  '731',
];

const kinds: Kinds = {
  environment: oneOf(...Object.keys(environments)),
  // The longest name made from it is a schema's, `<prefix>-interactions-<8 hex>`, and the service allows 63 characters.
  prefix: text(
    /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/,
    '2 to 40 lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen',
  ),
  region: oneOf(...personalizeRegions),
  minimumUsers: integer(25, 1_000_000),
  minimumInteractions: integer(1_000, 1_000_000_000),
  sampleGallery: flag,
  notificationMail: text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an e-mail address'),
  removalPolicy: oneOf('destroy', 'retain'),
  deletionProtection: flag,
  operatorTokenDays: integer(1, 365),
  visitorTokenDays: integer(1, 3650),
  logRetentionDays: {
    allowed: `one of ${retentionDays.join(', ')}`,
    read: (raw) => (retentionDays.includes(String(raw)) ? Number(raw) : undefined),
  },
  campaigns: someOf(...servableModels),
  trainingSchedule: text(
    /^(rate\([1-9]\d* (minute|hour|day)s?\)|cron\(\S+( \S+){5}\))$/,
    'rate(<number> minutes|hours|days) or cron(<six fields>)',
  ),
  gateMetric: oneOf(...gateMetrics),
  gateRatioToBaseline: decimal(0, 10),
  gateRatioToServed: decimal(0, 10),
  gateStandardErrors: decimal(0, 10),
  monthlyBudget: integer(1, 1_000_000),
};

const defaults = {
  minimumUsers: 25,
  minimumInteractions: 1_000,
  sampleGallery: true,
  removalPolicy: 'destroy',
  deletionProtection: false,
  operatorTokenDays: 30,
  visitorTokenDays: 180,
  logRetentionDays: 30,
  campaigns: ['personal', 'similar'],
  trainingSchedule: 'rate(7 days)',
  gateMetric: 'normalized_discounted_cumulative_gain_at_25',
  gateRatioToBaseline: 1,
  gateRatioToServed: 0.95,
  // One-sided, 95 %: of versions that are as good as the bar one in twenty is refused by chance.
  gateStandardErrors: 1.645,
  monthlyBudget: 50,
} as const satisfies Partial<Settings>;

export const settingNames = Object.keys(kinds) as readonly (keyof Settings)[];

/** Thrown at synthesis with every wrong setting at once: its name, what was got and what is allowed. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`wrong settings:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}

/**
 * The settings of the environment that the context names, overridden by the context.
 *
 * Context keys of the CDK and its libraries carry a colon, a slash or an at sign. Any other key is meant for us, so
 * one that is no setting is a typing mistake and is refused.
 *
 * @throws SettingsError
 */
export function readSettings(context: Readonly<Record<string, RawValue>>): Settings {
  const environment = context.environment ?? 'dev';
  const problems: string[] = [];
  for (const name of Object.keys(context).filter((key) => !/[:/@]/.test(key))) {
    if (!settingNames.some((known) => known === name)) {
      problems.push(`${name}: got ${show(context[name])}, but the settings are ${settingNames.join(', ')}`);
    }
  }
  const raw: Record<string, RawValue> = {
    ...defaults,
    prefix: `emotion-gallery-${environment}`,
    ...environments[String(environment)],
    ...context,
    environment,
  };
  const settings: Record<string, unknown> = {};
  for (const name of settingNames) {
    if (raw[name] === undefined) continue;
    const value = kinds[name].read(raw[name]);
    if (value === undefined)
      problems.push(`${name}: got ${show(raw[name])}, allowed is ${kinds[name].allowed}`);
    settings[name] = value;
  }
  if (problems.length > 0) throw new SettingsError(problems);
  // Every name was read by the kind that the type `Kinds` ties to it.
  return settings as unknown as Settings;
}

function show(value: RawValue): string {
  return JSON.stringify(value) ?? String(value);
}
