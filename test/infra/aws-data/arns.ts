// The values of templates as text, in which references to resources have the ARNs that AWS's registry says they will have.
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

// biome-ignore lint/suspicious/noExplicitAny: a template is any JSON
export type Json = any;

export interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: Json }>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: Json; readonly Export?: { Name: string } }>>;
}

/** Where the stacks are as if deployed, by the names that AWS's data have for it. */
export const account: Readonly<Record<string, string>> = {
  Partition: 'aws',
  Region: 'eu-west-1',
  Account: '123456789012',
};

const pseudo: Readonly<Record<string, string | undefined>> = {
  'AWS::Partition': account.Partition,
  'AWS::Region': account.Region,
  'AWS::AccountId': account.Account,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Types whose `Ref` is their ARN (CloudFormation User Guide, the return values of each type). */
const refIsArn = ['AWS::SNS::Topic', 'AWS::StepFunctions::StateMachine', 'AWS::SecretsManager::Secret'];

/** What the registry's data lack, and what our own type is: its physical id is the dataset's ARN. */
const lacking: Readonly<Record<string, string>> = {
  'AWS::Personalize::Filter': 'arn:aws:personalize:eu-west-1:123456789012:filter/name',
  'Custom::PersonalizeDataset': 'arn:aws:personalize:eu-west-1:123456789012:dataset/group/type',
};

let database: ReturnType<typeof loadAwsServiceSpecSync> | undefined;

/** The ARN of a resource of this type that is called `name`. @throws Error when the registry does not say */
function arnOf(type: string, name: string): string {
  database ??= loadAwsServiceSpecSync();
  const [resource] = database.lookup('resource', 'cloudFormationType', 'equals', type);
  const arnTemplate = lacking[type] ?? resource?.arnTemplate;
  if (!arnTemplate) throw new Error(`the registry has no ARN for ${type}`);
  const arn = arnTemplate.replaceAll(/\$\{(\w+)\}/g, (_, part) => account[part] ?? name);
  // Of a log group, Arn means all of its streams.
  return type === 'AWS::Logs::LogGroup' ? `${arn}:*` : arn;
}

/** @param all every template of the deployment, for what one imports of another */
export class Values {
  constructor(
    private readonly template: Template,
    private readonly all: readonly Template[],
  ) {}

  /** @throws Error for an intrinsic function that no policy of ours has */
  text(value: Json): string {
    if (typeof value !== 'object' || value === null) return String(value);
    const [[intrinsic, argument] = []] = Object.entries<Json>(value);
    switch (intrinsic) {
      case 'Ref':
        return pseudo[argument] ?? this.ref(argument);
      case 'Fn::GetAtt':
        return this.attribute(argument[0], argument[1]);
      case 'Fn::Join':
        return argument[1].map((part: Json) => this.text(part)).join(argument[0]);
      case 'Fn::Select':
        return this.text(argument[1]).split('/')[argument[0]] ?? '';
      case 'Fn::Split':
        return this.text(argument[1]);
      case 'Fn::Sub':
        return String(argument).replaceAll(/\$\{([^}]+)\}/g, (_, name) => this.text({ Ref: name }));
      case 'Fn::ImportValue':
        return this.imported(argument);
      default:
        throw new Error(`unknown intrinsic: ${JSON.stringify(value)}`);
    }
  }

  private typeOf(logicalId: string): string {
    const resource = this.template.Resources[logicalId];
    if (!resource) throw new Error(`there is no resource ${logicalId}`);
    return resource.Type;
  }

  private ref(logicalId: string): string {
    const type = this.typeOf(logicalId);
    return refIsArn.includes(type) || type.startsWith('Custom::') ? arnOf(type, logicalId) : logicalId;
  }

  private attribute(logicalId: string, name: string): string {
    return name.endsWith('Arn') ? arnOf(this.typeOf(logicalId), logicalId) : `${logicalId}.${name}`;
  }

  private imported(name: string): string {
    for (const template of this.all) {
      const output = Object.values(template.Outputs ?? {}).find(({ Export }) => Export?.Name === name);
      if (output) return new Values(template, this.all).text(output.Value);
    }
    throw new Error(`no stack exports ${name}`);
  }
}
