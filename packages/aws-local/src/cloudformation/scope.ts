// The scope in which a stack's template is resolved: its parameters and resources, pseudo parameters, other stacks' outputs.
import { type ResolutionScope, Resolver } from './intrinsics';
import { type ReadSsmParameter, resolveParameters } from './parameters';
import { isAlive, type StackRecord, type StackSource } from './stack';
import type { StackStore } from './store';
import { parseTemplate, type Template, validationError } from './template';

export interface Account {
  readonly accountId: string;
  readonly region: string;
}

function importValue(store: StackStore, name: string): string {
  for (const stack of store.all()) {
    const output = isAlive(stack.status) && stack.outputs.find(({ exportName }) => exportName === name);
    if (output) return output.value;
  }
  throw validationError(`No export named ${name} found. Rollback requested by user.`);
}

function stackOutput(store: StackStore, stackName: string, outputName: string): string {
  const stack = store.find(stackName);
  const output = stack?.outputs.find(({ key }) => key === outputName);
  if (!output)
    throw validationError(`Fn::GetStackOutput: the stack ${stackName} has no output ${outputName}`);
  return output.value;
}

/** A resolver for a template in the state that the stack is in now; resources are looked up when they are needed. */
export async function createResolver(
  stack: Pick<StackRecord, 'id' | 'name'>,
  source: StackSource,
  store: StackStore,
  account: Account,
  readSsm: ReadSsmParameter,
): Promise<{
  readonly resolver: Resolver;
  readonly template: Template;
  readonly scope: ResolutionScope;
  /** Values of the parameters that name SSM's. */
  readonly ssmValues: Readonly<Record<string, string>>;
}> {
  const template = parseTemplate(source.template);
  const { values, ssmValues } = await resolveParameters(template, source.parameters, readSsm);
  const scope: ResolutionScope = {
    parameters: values,
    pseudo: {
      'AWS::AccountId': account.accountId,
      'AWS::Region': account.region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stack.name,
      'AWS::StackId': stack.id,
      'AWS::NotificationARNs': [],
    },
    mappings: template.Mappings,
    conditions: template.Conditions,
    resource: (logicalId) => {
      const resource = store.resource(stack.id, logicalId);
      return resource?.physicalId === undefined ||
        !/^(CREATE|UPDATE)_COMPLETE$|^UPDATE_/.test(resource.status)
        ? undefined
        : {
            physicalId: resource.physicalId,
            attributes: resource.attributes,
            properties: resource.properties,
          };
    },
    importValue: (name) => importValue(store, name),
    stackOutput: (stackName, outputName) => stackOutput(store, stackName, outputName),
  };
  return { resolver: new Resolver(scope), template, scope, ssmValues };
}

/** Logical ids of a template's resources whose condition holds. */
export function includedResources(template: Template, resolver: Resolver): string[] {
  return Object.entries(template.Resources)
    .filter(([, { Condition }]) => Condition === undefined || resolver.condition(Condition))
    .map(([logicalId]) => logicalId);
}
