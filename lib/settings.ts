// The settings of one deployment: what each is for, what it may be, and what it is when nobody says.
import { z } from 'zod';
import { servableModels } from '../lambda/controller/gallery';
import { readList } from '../lambda/shared/configuration/passable';
import { kmsKeyArn, roleArn } from '../lambda/shared/configuration/service-config';
import { personalizeRegions } from './personalize/regions';

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

/** Days that Amazon CloudWatch Logs accepts as a retention (API reference, PutRetentionPolicy). */
const retentionDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const;

// What is allowed is said in words, as a schema's description: the error of a wrong setting ends with it.

export const oneOf = <T extends string>(...choices: readonly T[]) =>
  z.enum(choices).describe(`one of ${choices.join(', ')}`);

/** `-c` gives strings, an environment gives numbers. */
const number = (pattern: RegExp) => z.union([z.number(), z.string().regex(pattern).transform(Number)]);

const integer = (minimum: number, maximum: number) =>
  number(/^-?\d+$/)
    .pipe(z.int().min(minimum).max(maximum))
    .describe(`an integer from ${minimum} to ${maximum}`);

const decimal = (minimum: number, maximum: number) =>
  number(/^-?\d+(\.\d+)?$/)
    .pipe(z.number().min(minimum).max(maximum))
    .describe(`a number from ${minimum} to ${maximum}`);

const flag = z
  .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
  .describe('true or false');

const text = (pattern: RegExp, allowed: string) => z.string().regex(pattern).describe(allowed);

/** A list of some of the choices, in their order; written with commas, `none` for the empty one. */
const someOf = <T extends string>(...choices: readonly T[]) =>
  z
    .union([z.array(z.string()), z.string().transform(readList)])
    .pipe(z.array(z.enum(choices)).refine((chosen) => new Set(chosen).size === chosen.length))
    .transform((chosen): readonly T[] => choices.filter((choice) => chosen.includes(choice)))
    .describe(`none, or some of ${choices.join(', ')}, separated by commas`);

/** Written with commas, `none` for the empty one. */
const listOf = (each: z.ZodString, allowed: string) =>
  z
    .union([z.array(z.string()), z.string().transform(readList)])
    .pipe(z.array(each).max(10))
    .transform((list): readonly string[] => list)
    .describe(`none, or up to 10 ${allowed}, separated by commas`);

export const settingKinds = {
  /** The name of the environment (`lib/environments.ts`). */
  environment: z.string().default('dev'),
  /**
   * What every name starts with; two deployments in one account need two. The longest name made from it is a schema's,
   * `<prefix>-interactions-<8 hex>`, and the service allows 63 characters. @default 'emotion-gallery-<environment>'
   */
  prefix: text(
    /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/,
    '2 to 40 lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen',
  ),
  /** @default - the region of the AWS CLI's configuration */
  region: oneOf(...personalizeRegions).optional(),
  /** Users with two likes or more before training starts; Amazon Personalize needs 25. */
  minimumUsers: integer(25, 1_000_000).default(25),
  /** Likes before training starts; Amazon Personalize needs 1,000. */
  minimumInteractions: integer(1_000, 1_000_000_000).default(1_000),
  /** Whether the generated pictures are put into the gallery. */
  sampleGallery: flag.default(true),
  /** Who is told of alarms, trainings and costs. @default - nobody */
  notificationMail: text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an e-mail address').optional(),
  /** What happens to pictures, tables, secrets and logs when the stacks are deleted. */
  removalPolicy: oneOf('destroy', 'retain').default('destroy'),
  /** Whether the stateful stacks and the tables refuse to be deleted. */
  deletionProtection: flag.default(false),
  /** Whether pictures that are overwritten or deleted can be had back for a month. */
  keepVersions: flag.default(false),
  /** Days that an operator link is valid. */
  operatorTokenDays: integer(1, 365).default(30),
  /** Days that a visitor stays recognised. */
  visitorTokenDays: integer(1, 3650).default(180),
  /** Days that logs are kept. */
  logRetentionDays: integer(1, 731)
    .refine((days) => retentionDays.some((known) => known === days))
    .describe(`one of ${retentionDays.join(', ')}`)
    .default(30),
  /** The models that recommend in the gallery; each campaign costs money while it is up. */
  campaigns: someOf(...servableModels).default(['personal', 'similar']),
  /** When the gallery trains again after the first time, for EventBridge Scheduler. */
  trainingSchedule: text(
    /^(rate\([1-9]\d* (minute|hour|day)s?\)|cron\(\S+( \S+){5}\))$/,
    'rate(<number> minutes|hours|days) or cron(<six fields>)',
  ).default('rate(7 days)'),
  /** What versions are compared by: a metric of GetSolutionMetrics. */
  gateMetric: oneOf(...gateMetrics).default('normalized_discounted_cumulative_gain_at_25'),
  /** A new version serves when its metric is at least this many times that of popularity. */
  gateRatioToBaseline: decimal(0, 10).default(1),
  /** A new version serves when its metric is at least this many times that of the version in service. */
  gateRatioToServed: decimal(0, 10).default(0.95),
  /**
   * So many standard errors below the bar a version has to be to be refused; 0 compares the metrics as they are. The default is
   * one-sided, 95 %: of versions that are as good as the bar one in twenty is refused by chance.
   */
  gateStandardErrors: decimal(0, 10).default(1.645),
  /** US dollars a month for Amazon Personalize after which `notificationMail` is told. */
  monthlyBudget: integer(1, 1_000_000).default(50),
  /**
   * Executions at a time of each function that anybody may call; 0 reserves none. What is reserved is taken from all other functions of
   * the account, and a new account, which has ten in all, refuses it.
   */
  reservedConcurrency: integer(0, 1_000).default(0),
  /** Roles that configuration files may have Amazon Personalize take on (`roleArn`), besides the deployment's own. */
  rolesForFiles: listOf(roleArn, 'ARNs of IAM roles').default([]),
  /** KMS keys that configuration files may have their dataset group encrypted with (`kmsKeyArn`). */
  keysForFiles: listOf(kmsKeyArn, 'ARNs of KMS keys').default([]),
  /** The GitHub repository whose workflows may deploy. @default - none: there is no Delivery stack */
  githubRepository: text(
    /^[A-Za-z0-9][A-Za-z0-9-]*(\/[\w.-]+|@\d+\/[\w.-]+@\d+)$/,
    'owner/name or owner@id/name@id',
  ).optional(),
  /** ARN of the account's OpenID Connect provider for GitHub, of which an account can have one. @default - the Delivery stack makes it */
  githubProviderArn: text(
    /^arn:aws[\w-]*:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com$/,
    'the ARN of the OpenID Connect provider token.actions.githubusercontent.com',
  ).optional(),
};

export type Settings = Readonly<z.infer<z.ZodObject<typeof settingKinds>>>;
