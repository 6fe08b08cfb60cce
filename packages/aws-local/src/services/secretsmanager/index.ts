// AWS Secrets Manager on localhost: secrets with their current and previous version.
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError, type AwsService, type ServiceContext, type Shape } from '../../service';
import { jsonService } from '../shared/json-protocol';
import { type Caller, JSON_TEXT, type Operations, operation, TAG_LIST } from '../shared/operations';
import { tagMap, withoutKeys } from '../shared/tags';

interface Version {
  readonly id: string;
  readonly stages: readonly string[];
  readonly createdAt: number;
  readonly text?: string;
  /** Base64. */
  readonly binary?: string;
}

interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly changedAt: number;
  /** When it may be gone for good; set while it is marked for deletion. */
  readonly deletedAt?: number;
  readonly versions: readonly Version[];
  readonly policy?: unknown;
}

export type SecretsManagerService = AwsService;

const DAY_MS = 86_400_000;
const CHARACTERS = {
  lower: 'abcdefghijklmnopqrstuvwxyz',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  digits: '0123456789',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
};

const RANDOM = z.object({
  PasswordLength: z.number().int().min(1).max(4096).default(32),
  ExcludeCharacters: z.string().default(''),
  ExcludeNumbers: z.boolean().default(false),
  ExcludePunctuation: z.boolean().default(false),
  ExcludeUppercase: z.boolean().default(false),
  ExcludeLowercase: z.boolean().default(false),
  IncludeSpace: z.boolean().default(false),
  RequireEachIncludedType: z.boolean().default(true),
});
const VALUE = {
  SecretString: z.string().max(65_536).optional(),
  SecretBinary: z
    .union([z.string(), z.instanceof(Buffer).transform((bytes) => bytes.toString('base64'))])
    .optional(),
  ClientRequestToken: z.string().optional(),
};
const ID = z.object({ SecretId: z.string() });

export async function createSecretsManager(context: ServiceContext): Promise<SecretsManagerService> {
  const secrets = context.store.map<Secret>('secretsmanager/secrets');

  function authorize(caller: Caller, action: string, secret: Pick<Secret, 'arn' | 'policy'>): void {
    context.authorize({
      principal: caller.principal,
      action: `secretsmanager:${action}`,
      resource: secret.arn,
      context: { ...caller.conditions, 'secretsmanager:secretid': secret.arn },
      resourcePolicy: secret.policy,
    });
  }

  /** By name, by ARN, or by an ARN without its random suffix. @throws ResourceNotFoundException */
  function find(id: string, caller: Caller, action: string): Secret {
    const secret = [...secrets.values()].find(
      (candidate) => candidate.name === id || candidate.arn === id || candidate.arn.slice(0, -7) === id,
    );
    if (!secret) {
      const arn = id.startsWith('arn:')
        ? id
        : `arn:aws:secretsmanager:${context.region}:${context.accountId}:secret:${id}`;
      authorize(caller, action, { arn });
      throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    }
    authorize(caller, action, secret);
    return secret;
  }

  function alive(secret: Secret): Secret {
    if (secret.deletedAt === undefined) return secret;
    throw new AwsError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }

  function withValue(
    secret: Secret,
    input: { SecretString?: string; SecretBinary?: string; ClientRequestToken?: string },
    stages: readonly string[] = ['AWSCURRENT'],
  ): Secret {
    const now = context.clock.now();
    const id = input.ClientRequestToken ?? randomUUID();
    const same = secret.versions.find((version) => version.id === id);
    if (same) {
      // The token is the version's id: a repeated request changes nothing, another one must not change what is there.
      if (same.text === input.SecretString && same.binary === input.SecretBinary) return secret;
      throw new AwsError(
        'ResourceExistsException',
        `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`,
      );
    }
    // A label is at one version; what was current becomes the previous one; a version without labels is gone.
    const moved = stages.includes('AWSCURRENT') ? [...stages, 'AWSPREVIOUS'] : stages;
    const earlier = secret.versions.flatMap((version): Version[] => {
      const left = version.stages.filter((stage) => !moved.includes(stage));
      if (version.stages.includes('AWSCURRENT') && stages.includes('AWSCURRENT')) left.push('AWSPREVIOUS');
      return left.length > 0 ? [{ ...version, stages: left }] : [];
    });
    const version: Version = {
      id,
      stages,
      createdAt: now,
      text: input.SecretString,
      binary: input.SecretBinary,
    };
    return { ...secret, changedAt: now, versions: [version, ...earlier] };
  }

  function current(secret: Secret): Version | undefined {
    return secret.versions.find((version) => version.stages.includes('AWSCURRENT'));
  }

  function describe(secret: Secret): Shape {
    return {
      ARN: secret.arn,
      Name: secret.name,
      Description: secret.description,
      CreatedDate: new Date(secret.createdAt),
      LastChangedDate: new Date(secret.changedAt),
      DeletedDate: secret.deletedAt === undefined ? undefined : new Date(secret.deletedAt),
      Tags: Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value })),
      VersionIdsToStages: Object.fromEntries(secret.versions.map((version) => [version.id, version.stages])),
    };
  }

  const operations: Operations = {
    GetRandomPassword: operation(RANDOM, (input, caller) => {
      context.authorize({
        principal: caller.principal,
        action: 'secretsmanager:GetRandomPassword',
        resource: '*',
        context: caller.conditions,
      });
      return { RandomPassword: randomPassword(input) };
    }),
    CreateSecret: operation(
      z.object({
        Name: z.string().regex(/^[\w/+=.@-]{1,512}$/),
        Description: z.string().optional(),
        Tags: TAG_LIST.default([]),
        ...VALUE,
      }),
      (input, caller) => {
        const prefix = `arn:aws:secretsmanager:${context.region}:${context.accountId}:secret:${input.Name}`;
        authorize(caller, 'CreateSecret', { arn: `${prefix}-*` });
        const existing = secrets.get(input.Name);
        if (existing) {
          alive(existing);
          throw new AwsError(
            'ResourceExistsException',
            `The operation failed because the secret ${input.Name} already exists.`,
          );
        }
        const now = context.clock.now();
        const empty: Secret = {
          arn: `${prefix}-${randomBytes(3).toString('hex')}`,
          name: input.Name,
          description: input.Description,
          tags: tagMap(input.Tags),
          createdAt: now,
          changedAt: now,
          versions: [],
        };
        const hasValue = input.SecretString !== undefined || input.SecretBinary !== undefined;
        const secret = hasValue ? withValue(empty, input) : empty;
        secrets.put(secret.name, secret);
        return { ARN: secret.arn, Name: secret.name, VersionId: current(secret)?.id };
      },
    ),
    GetSecretValue: operation(
      ID.extend({ VersionId: z.string().optional(), VersionStage: z.string().optional() }),
      (input, caller) => {
        const secret = alive(find(input.SecretId, caller, 'GetSecretValue'));
        const version = secret.versions.find((candidate) =>
          input.VersionId === undefined
            ? candidate.stages.includes(input.VersionStage ?? 'AWSCURRENT')
            : candidate.id === input.VersionId,
        );
        if (!version) {
          const wanted = input.VersionId
            ? `VersionId: ${input.VersionId}`
            : `staging label: ${input.VersionStage ?? 'AWSCURRENT'}`;
          throw new AwsError(
            'ResourceNotFoundException',
            `Secrets Manager can't find the specified secret value for ${wanted}`,
          );
        }
        if (input.VersionStage !== undefined && !version.stages.includes(input.VersionStage)) {
          const message = 'You provided a VersionStage that is not associated to the provided VersionId.';
          throw new AwsError('InvalidRequestException', message);
        }
        return {
          ARN: secret.arn,
          Name: secret.name,
          VersionId: version.id,
          VersionStages: version.stages,
          SecretString: version.text,
          SecretBinary: version.binary === undefined ? undefined : Buffer.from(version.binary, 'base64'),
          CreatedDate: new Date(version.createdAt),
        };
      },
    ),
    PutSecretValue: operation(
      ID.extend({
        ...VALUE,
        VersionStages: z.array(z.string().min(1).max(256)).min(1).default(['AWSCURRENT']),
      }),
      ({ VersionStages, ...input }, caller) => {
        const before = alive(find(input.SecretId, caller, 'PutSecretValue'));
        const ClientRequestToken = input.ClientRequestToken ?? randomUUID();
        const secret = withValue(before, { ...input, ClientRequestToken }, VersionStages);
        secrets.put(secret.name, secret);
        const version = secret.versions.find(({ id }) => id === ClientRequestToken);
        return {
          ARN: secret.arn,
          Name: secret.name,
          VersionId: ClientRequestToken,
          VersionStages: version?.stages,
        };
      },
    ),
    UpdateSecret: operation(ID.extend({ Description: z.string().optional(), ...VALUE }), (input, caller) => {
      const found = alive(find(input.SecretId, caller, 'UpdateSecret'));
      const described = { ...found, description: input.Description ?? found.description };
      const hasValue = input.SecretString !== undefined || input.SecretBinary !== undefined;
      const secret = hasValue ? withValue(described, input) : described;
      secrets.put(secret.name, secret);
      return { ARN: secret.arn, Name: secret.name, VersionId: current(secret)?.id };
    }),
    DescribeSecret: operation(ID, (input, caller) =>
      describe(find(input.SecretId, caller, 'DescribeSecret')),
    ),
    ListSecrets: operation(
      z.object({ IncludePlannedDeletion: z.boolean().default(false) }),
      (input, caller) => {
        context.authorize({
          principal: caller.principal,
          action: 'secretsmanager:ListSecrets',
          resource: '*',
          context: caller.conditions,
        });
        const listed = [...secrets.values()].filter(
          (secret) => input.IncludePlannedDeletion || secret.deletedAt === undefined,
        );
        return { SecretList: listed.map(describe) };
      },
    ),
    DeleteSecret: operation(
      ID.extend({
        RecoveryWindowInDays: z.number().int().min(7).max(30).default(30),
        ForceDeleteWithoutRecovery: z.boolean().default(false),
      }),
      (input, caller) => {
        const secret = find(input.SecretId, caller, 'DeleteSecret');
        const now = context.clock.now();
        const deletedAt = input.ForceDeleteWithoutRecovery ? now : now + input.RecoveryWindowInDays * DAY_MS;
        if (input.ForceDeleteWithoutRecovery) secrets.delete(secret.name);
        else secrets.put(secret.name, { ...secret, deletedAt });
        return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date(deletedAt) };
      },
    ),
    RestoreSecret: operation(ID, (input, caller) => {
      const secret = find(input.SecretId, caller, 'RestoreSecret');
      secrets.put(secret.name, { ...secret, deletedAt: undefined });
      return { ARN: secret.arn, Name: secret.name };
    }),
    TagResource: operation(ID.extend({ Tags: TAG_LIST }), (input, caller) => {
      const secret = alive(find(input.SecretId, caller, 'TagResource'));
      secrets.put(secret.name, { ...secret, tags: { ...secret.tags, ...tagMap(input.Tags) } });
    }),
    UntagResource: operation(ID.extend({ TagKeys: z.array(z.string()) }), (input, caller) => {
      const secret = alive(find(input.SecretId, caller, 'UntagResource'));
      secrets.put(secret.name, { ...secret, tags: withoutKeys(secret.tags, input.TagKeys) });
    }),
    PutResourcePolicy: operation(
      ID.extend({ ResourcePolicy: JSON_TEXT, BlockPublicPolicy: z.literal(false).optional() }),
      (input, caller) => {
        const secret = alive(find(input.SecretId, caller, 'PutResourcePolicy'));
        secrets.put(secret.name, { ...secret, policy: input.ResourcePolicy });
        return { ARN: secret.arn, Name: secret.name };
      },
    ),
    GetResourcePolicy: operation(ID, (input, caller) => {
      const secret = find(input.SecretId, caller, 'GetResourcePolicy');
      const ResourcePolicy = secret.policy === undefined ? undefined : JSON.stringify(secret.policy);
      return { ARN: secret.arn, Name: secret.name, ResourcePolicy };
    }),
    DeleteResourcePolicy: operation(ID, (input, caller) => {
      const secret = find(input.SecretId, caller, 'DeleteResourcePolicy');
      secrets.put(secret.name, { ...secret, policy: undefined });
      return { ARN: secret.arn, Name: secret.name };
    }),
  };

  return jsonService({ id: 'secretsmanager', version: '1.1', operations });
}

/** @throws InvalidParameterException when every character is excluded */
function randomPassword(rules: z.output<typeof RANDOM>): string {
  const types = [
    rules.ExcludeLowercase ? '' : CHARACTERS.lower,
    rules.ExcludeUppercase ? '' : CHARACTERS.upper,
    rules.ExcludeNumbers ? '' : CHARACTERS.digits,
    rules.ExcludePunctuation ? '' : CHARACTERS.punctuation,
    rules.IncludeSpace ? ' ' : '',
  ]
    .map((type) => [...type].filter((character) => !rules.ExcludeCharacters.includes(character)))
    .filter((type) => type.length > 0);
  const all = types.flat();
  const pick = (from: readonly string[]) => from[randomInt(from.length)] ?? '';
  if (all.length === 0) throw new AwsError('InvalidParameterException', 'Every character is excluded.');
  const required = rules.RequireEachIncludedType ? types.map(pick).slice(0, rules.PasswordLength) : [];
  const password = [
    ...required,
    ...Array.from({ length: rules.PasswordLength - required.length }, () => pick(all)),
  ];
  // The required characters must not always come first.
  for (let index = password.length - 1; index > 0; index -= 1) {
    const other = randomInt(index + 1);
    [password[index], password[other]] = [password[other] ?? '', password[index] ?? ''];
  }
  return password.join('');
}
