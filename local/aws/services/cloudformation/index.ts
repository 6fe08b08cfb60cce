// AWS CloudFormation: the API over the engine in local/aws/cloudformation.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { computeChanges } from '../../cloudformation/changes';
import type { Engine } from '../../cloudformation/engine';
import { mergeParameters } from '../../cloudformation/parameters';
import { createResolver } from '../../cloudformation/scope';
import type { ChangeSetRecord, StackRecord, StackSource } from '../../cloudformation/stack';
import { parseTemplate, validationError } from '../../cloudformation/template';
import { AwsError, type AwsService, type ServiceContext } from '../../service';
import { type Caller, type Operations, operation, TAG_LIST } from '../shared/operations';
import { queryList, queryService } from '../shared/query-protocol';
import {
  describeChangeSet,
  describeEvent,
  describeResource,
  describeStack,
  summarizeChangeSet,
  summarizeStack,
} from './describe';

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';
/** How long a question about a stack in progress is held back. */
const HOLD_MS = 45_000;
const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

const FLAG = z.union([z.boolean(), z.string()]).transform((value) => String(value) === 'true');
const PARAMETERS = z.array(
  z.object({
    ParameterKey: z.string().optional(),
    ParameterValue: z.string().optional(),
    UsePreviousValue: z.union([z.boolean(), z.string()]).optional(),
  }),
);
const STACK = z.object({ StackName: z.string().min(1) });
const SOURCE = STACK.extend({
  StackName: z.string().min(1),
  TemplateBody: z.string().optional(),
  TemplateURL: z.string().optional(),
  UsePreviousTemplate: FLAG.default(false),
  Parameters: queryList(PARAMETERS.default([])),
  Capabilities: queryList(z.array(z.string()).default([])),
  RoleARN: z.string().optional(),
  Tags: queryList(TAG_LIST.default([])),
});
const CREATE_CHANGE_SET = SOURCE.extend({
  ChangeSetName: z.string().regex(/^[a-zA-Z][-a-zA-Z0-9]*$/),
  ChangeSetType: z.enum(['CREATE', 'UPDATE', 'IMPORT']).default('UPDATE'),
  Description: z.string().optional(),
});
const CHANGE_SET = z.object({ ChangeSetName: z.string().min(1), StackName: z.string().optional() });

type SourceInput = z.output<typeof SOURCE>;

class CloudFormationApi {
  constructor(
    private readonly context: ServiceContext,
    private readonly engine: Engine,
  ) {}

  allow(action: string, stackName: string, caller: Caller): void {
    const { region, accountId } = this.context;
    const known = this.engine.store.find(stackName);
    const resource =
      stackName === '*'
        ? '*'
        : (known?.id ?? `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/*`);
    const { principal, conditions } = caller;
    this.context.authorize({ principal, action: `cloudformation:${action}`, resource, context: conditions });
  }

  /** A change set that is checked and ready, or failed because it changes nothing. */
  async createChangeSet(input: z.output<typeof CREATE_CHANGE_SET>, caller: Caller): Promise<ChangeSetRecord> {
    if (input.ChangeSetType === 'IMPORT')
      throw validationError('Resource import is not supported on localhost.');
    const { store } = this.engine;
    const existing = store.find(input.StackName);
    this.checkKind(input, existing);
    const source = await this.readSource(input, existing, caller);
    const stack = existing ?? this.engine.newStack(input.StackName, 'REVIEW_IN_PROGRESS');
    const changes = await this.changesOf(stack, source);
    const changesSource =
      stack.status !== 'REVIEW_IN_PROGRESS' &&
      (JSON.stringify(source.tags) !== JSON.stringify(stack.tags) || outputsOf(source) !== outputsOf(stack));
    const isEmpty = changes.length === 0 && !changesSource;
    if (!existing) store.put(stack);
    const changeSet: ChangeSetRecord = {
      ...source,
      id: `${stack.id.replace(/:stack\/.*/, '')}:changeSet/${input.ChangeSetName}/${randomUUID()}`,
      name: input.ChangeSetName,
      stackId: stack.id,
      stackName: stack.name,
      kind: stack.status === 'REVIEW_IN_PROGRESS' ? 'CREATE' : 'UPDATE',
      status: isEmpty ? 'FAILED' : 'CREATE_COMPLETE',
      statusReason: isEmpty ? NO_CHANGES : undefined,
      executionStatus: isEmpty ? 'UNAVAILABLE' : 'AVAILABLE',
      description: input.Description,
      createdAt: this.context.clock.now(),
      changes,
    };
    store.putChangeSet(changeSet);
    return changeSet;
  }

  /** Reads, checks and completes what a stack is to be made from. */
  async readSource(
    input: SourceInput,
    existing: StackRecord | undefined,
    caller: Caller,
  ): Promise<StackSource> {
    const template = await this.readTemplate(input, existing, caller);
    const parsed = parseTemplate(template);
    this.engine.checkTypes(parsed);
    const roleArn = input.RoleARN ?? existing?.roleArn;
    if (input.RoleARN !== undefined) this.checkRole(input.RoleARN, caller);
    return {
      template,
      parameters: mergeParameters(parsed, input.Parameters, existing?.parameters ?? {}),
      tags: input.Tags,
      capabilities: input.Capabilities,
      roleArn,
    };
  }

  private checkKind(input: z.output<typeof CREATE_CHANGE_SET>, existing: StackRecord | undefined): void {
    if (input.ChangeSetType === 'UPDATE' && (!existing || existing.status === 'REVIEW_IN_PROGRESS')) {
      throw validationError(`Stack [${input.StackName}] does not exist`);
    }
    if (input.ChangeSetType === 'CREATE' && existing && existing.status !== 'REVIEW_IN_PROGRESS') {
      throw validationError(
        `Stack [${input.StackName}] already exists and cannot be created again with the changeSet [${input.ChangeSetName}].`,
      );
    }
    if (existing) this.engine.checkIdle(existing);
  }

  private async changesOf(stack: StackRecord, source: StackSource) {
    const { store, account, readSsm } = this.engine;
    const { template, scope } = await createResolver(stack, source, store, account, readSsm);
    return computeChanges(template, scope, store.resources(stack.id), this.engine.canUpdate);
  }

  private checkRole(roleArn: string, { principal, conditions }: Caller): void {
    const service = 'cloudformation.amazonaws.com';
    this.context.authorize({
      principal,
      action: 'iam:PassRole',
      resource: roleArn,
      context: { ...conditions, 'iam:passedtoservice': service },
    });
    this.context.assumeRole(roleArn, 'AWSCloudFormation', service);
  }

  private async readTemplate(
    input: SourceInput,
    existing: StackRecord | undefined,
    { principal }: Caller,
  ): Promise<string> {
    if (input.UsePreviousTemplate) {
      if (!existing) throw validationError(`Stack [${input.StackName}] does not exist`);
      return existing.template;
    }
    if (input.TemplateBody !== undefined) return input.TemplateBody;
    if (input.TemplateURL === undefined)
      throw validationError('Either Template URL or Template Body must be specified.');
    const { bucket, key } = parseTemplateUrl(input.TemplateURL);
    const output = await this.context
      .service<AwsService>('s3')
      .call('GetObject', { Bucket: bucket, Key: key }, principal);
    return readText(output.Body);
  }
}

async function readText(body: unknown): Promise<string> {
  if (Buffer.isBuffer(body)) return body.toString('utf8');
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function outputsOf(source: StackSource): string {
  return JSON.stringify(JSON.parse(source.template).Outputs);
}

/** The object that a template URL names, in path style or virtual-host style. */
function parseTemplateUrl(text: string): { bucket: string; key: string } {
  const url = new URL(text);
  const path = decodeURIComponent(url.pathname).replace(/^\//, '');
  const host = /^(.+)\.s3[.-][a-z0-9.-]+$/.exec(url.hostname)?.[1];
  if (host) return { bucket: host, key: path };
  const slash = path.indexOf('/');
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

function changeSetOperations(api: CloudFormationApi, engine: Engine): Operations {
  const { store } = engine;
  return {
    CreateChangeSet: operation(CREATE_CHANGE_SET, async (input, caller) => {
      api.allow('CreateChangeSet', input.StackName, caller);
      const changeSet = await api.createChangeSet(input, caller);
      return { Id: changeSet.id, StackId: changeSet.stackId };
    }),
    DescribeChangeSet: operation(CHANGE_SET, (input, caller) => {
      const changeSet = store.changeSet(input.ChangeSetName, input.StackName);
      api.allow('DescribeChangeSet', changeSet.stackId, caller);
      return describeChangeSet(changeSet);
    }),
    ListChangeSets: operation(STACK, ({ StackName }, caller) => {
      api.allow('ListChangeSets', StackName, caller);
      return { Summaries: store.changeSetsOf(store.get(StackName).id).map(summarizeChangeSet) };
    }),
    DeleteChangeSet: operation(CHANGE_SET, (input, caller) => {
      api.allow('DeleteChangeSet', input.StackName ?? '*', caller);
      const isArn = input.ChangeSetName.startsWith('arn:');
      const stack = isArn || input.StackName === undefined ? undefined : store.get(input.StackName);
      const found = stack
        ? store.changeSetsOf(stack.id).find(({ name }) => name === input.ChangeSetName)
        : store.changeSet(input.ChangeSetName);
      // Deleting a change set that does not exist succeeds, as on AWS.
      if (found) store.removeChangeSet(found.id);
    }),
    ExecuteChangeSet: operation(
      CHANGE_SET.extend({ DisableRollback: FLAG.default(false) }),
      (input, caller) => {
        const changeSet = store.changeSet(input.ChangeSetName, input.StackName);
        api.allow('ExecuteChangeSet', changeSet.stackId, caller);
        if (changeSet.executionStatus !== 'AVAILABLE') {
          throw new AwsError(
            'InvalidChangeSetStatus',
            `ChangeSet [${changeSet.id}] cannot be executed in its current execution status of [${changeSet.executionStatus}]`,
            400,
          );
        }
        engine.execute(changeSet, input.DisableRollback);
      },
    ),
  };
}

function stackOperations(api: CloudFormationApi, engine: Engine): Operations {
  const { store } = engine;
  return {
    CreateStack: operation(SOURCE.extend({ DisableRollback: FLAG.default(false) }), async (input, caller) => {
      api.allow('CreateStack', input.StackName, caller);
      if (store.find(input.StackName)) {
        throw new AwsError('AlreadyExistsException', `Stack [${input.StackName}] already exists`, 400);
      }
      const source = await api.readSource(input, undefined, caller);
      const stack = store.put(engine.newStack(input.StackName, 'CREATE_IN_PROGRESS'));
      engine.deploy(stack, source, input.DisableRollback);
      return { StackId: stack.id };
    }),
    UpdateStack: operation(SOURCE.extend({ DisableRollback: FLAG.default(false) }), async (input, caller) => {
      api.allow('UpdateStack', input.StackName, caller);
      const stack = store.get(input.StackName);
      engine.checkIdle(stack);
      engine.deploy(stack, await api.readSource(input, stack, caller), input.DisableRollback);
      return { StackId: stack.id };
    }),
    DeleteStack: operation(STACK, ({ StackName }, caller) => {
      api.allow('DeleteStack', StackName, caller);
      const stack = store.find(StackName);
      // Deleting a stack that does not exist succeeds, as on AWS.
      if (stack) engine.delete(stack);
    }),
    ContinueUpdateRollback: operation(
      STACK.extend({ ResourcesToSkip: queryList(z.array(z.string()).default([])) }),
      (input, caller) => {
        api.allow('ContinueUpdateRollback', input.StackName, caller);
        engine.continueUpdateRollback(store.get(input.StackName), input.ResourcesToSkip);
      },
    ),
    UpdateTerminationProtection: operation(
      STACK.extend({ EnableTerminationProtection: FLAG }),
      (input, caller) => {
        api.allow('UpdateTerminationProtection', input.StackName, caller);
        const stack = store.get(input.StackName);
        store.change(stack.id, { terminationProtection: input.EnableTerminationProtection });
        return { StackId: stack.id };
      },
    ),
  };
}

function readOperations(api: CloudFormationApi, engine: Engine): Operations {
  const { store } = engine;
  return {
    DescribeStacks: operation(STACK.partial(), async ({ StackName }, caller) => {
      api.allow('DescribeStacks', StackName ?? '*', caller);
      if (StackName === undefined) {
        return {
          Stacks: store
            .all()
            .filter(({ status }) => status !== 'DELETE_COMPLETE')
            .map(describeStack),
        };
      }
      const stack = await store.settled(store.get(StackName).id, HOLD_MS);
      return { Stacks: [describeStack(stack)] };
    }),
    ListStacks: operation(
      z.object({ StackStatusFilter: queryList(z.array(z.string()).default([])) }),
      (input, caller) => {
        api.allow('ListStacks', '*', caller);
        const wanted = input.StackStatusFilter;
        const stacks = store.all().filter(({ status }) => wanted.length === 0 || wanted.includes(status));
        return { StackSummaries: stacks.map(summarizeStack) };
      },
    ),
    DescribeStackEvents: operation(STACK, ({ StackName }, caller) => {
      api.allow('DescribeStackEvents', StackName, caller);
      return { StackEvents: store.events(store.get(StackName).id).map(describeEvent) };
    }),
    DescribeStackResources: operation(
      STACK.extend({ LogicalResourceId: z.string().optional() }),
      (input, caller) => {
        api.allow('DescribeStackResources', input.StackName, caller);
        const stack = store.get(input.StackName);
        const resources = store
          .resources(stack.id)
          .filter(
            ({ logicalId }) => input.LogicalResourceId === undefined || logicalId === input.LogicalResourceId,
          )
          .map((resource) => ({
            ...describeResource(resource, stack),
            Timestamp: new Date(resource.updatedAt),
          }));
        return { StackResources: resources };
      },
    ),
    DescribeStackResource: operation(STACK.extend({ LogicalResourceId: z.string() }), (input, caller) => {
      api.allow('DescribeStackResource', input.StackName, caller);
      const stack = store.get(input.StackName);
      const resource = store.resource(stack.id, input.LogicalResourceId);
      if (!resource) {
        throw validationError(`Resource ${input.LogicalResourceId} does not exist for stack ${stack.name}`);
      }
      const LastUpdatedTimestamp = new Date(resource.updatedAt);
      return { StackResourceDetail: { ...describeResource(resource, stack), LastUpdatedTimestamp } };
    }),
    ListStackResources: operation(STACK, ({ StackName }, caller) => {
      api.allow('ListStackResources', StackName, caller);
      const stack = store.get(StackName);
      const summaries = store.resources(stack.id).map((resource) => {
        const { StackName: _name, StackId: _id, ...summary } = describeResource(resource, stack);
        return { ...summary, LastUpdatedTimestamp: new Date(resource.updatedAt) };
      });
      return { StackResourceSummaries: summaries };
    }),
    GetTemplate: operation(
      STACK.partial().extend({ ChangeSetName: z.string().optional() }),
      ({ StackName, ChangeSetName }, caller) => {
        api.allow('GetTemplate', StackName ?? '*', caller);
        const source = ChangeSetName ? store.changeSet(ChangeSetName, StackName) : store.get(StackName ?? '');
        return { TemplateBody: source.template, StagesAvailable: ['Original', 'Processed'] };
      },
    ),
    GetTemplateSummary: operation(SOURCE.partial(), async (input, caller) => {
      api.allow('GetTemplateSummary', input.StackName ?? '*', caller);
      const template = input.TemplateBody ?? store.get(input.StackName ?? '').template;
      const parsed = parseTemplate(template);
      const parameters = Object.entries(parsed.Parameters).map(([ParameterKey, { Type, Default }]) => ({
        ParameterKey,
        ParameterType: Type,
        DefaultValue: Default,
      }));
      return {
        Description: parsed.Description,
        Parameters: parameters,
        ResourceTypes: [...new Set(Object.values(parsed.Resources).map(({ Type }) => Type))],
      };
    }),
    ValidateTemplate: operation(z.object({ TemplateBody: z.string() }), ({ TemplateBody }, caller) => {
      api.allow('ValidateTemplate', '*', caller);
      const parsed = parseTemplate(TemplateBody);
      return {
        Description: parsed.Description,
        Parameters: Object.keys(parsed.Parameters).map((ParameterKey) => ({ ParameterKey })),
      };
    }),
    ListExports: operation(z.object({}), (_input, caller) => {
      api.allow('ListExports', '*', caller);
      const exported = store
        .all()
        .flatMap((stack) =>
          stack.outputs.flatMap(({ exportName, value }) =>
            exportName ? [{ ExportingStackId: stack.id, Name: exportName, Value: value }] : [],
          ),
        );
      return { Exports: exported };
    }),
  };
}

export function createCloudFormation(context: ServiceContext, engine: Engine): AwsService {
  const api = new CloudFormationApi(context, engine);
  return queryService({
    id: 'cloudformation',
    namespace: NAMESPACE,
    operations: {
      ...changeSetOperations(api, engine),
      ...stackOperations(api, engine),
      ...readOperations(api, engine),
    },
    close: () => engine.close(),
  });
}
