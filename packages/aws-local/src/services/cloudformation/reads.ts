// Operations that tell about stacks.
import { z } from 'zod';
import type { Engine } from '../../cloudformation/engine';
import { importsOf } from '../../cloudformation/exports';
import { isAlive } from '../../cloudformation/stack';
import { parseTemplate, validationError } from '../../cloudformation/template';
import { type Operations, operation } from '../shared/operations';
import type { Allow } from './allow';
import { describeEvent, describeResource, describeStack, summarizeStack } from './describe';
import { NAMES, SOURCE, STACK } from './inputs';

/** How long a question about a stack in progress is held back. */
const HOLD_MS = 45_000;

export function readOperations({ store }: Engine, allow: Allow): Operations {
  return {
    DescribeStacks: operation(STACK.partial(), async ({ StackName }, caller) => {
      allow('DescribeStacks', StackName ?? '*', caller);
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
    ListStacks: operation(z.object({ StackStatusFilter: NAMES }), (input, caller) => {
      allow('ListStacks', '*', caller);
      const wanted = input.StackStatusFilter;
      const stacks = store.all().filter(({ status }) => wanted.length === 0 || wanted.includes(status));
      return { StackSummaries: stacks.map(summarizeStack) };
    }),
    DescribeStackEvents: operation(STACK, ({ StackName }, caller) => {
      allow('DescribeStackEvents', StackName, caller);
      return { StackEvents: store.events(store.get(StackName).id).map(describeEvent) };
    }),
    DescribeStackResources: operation(
      STACK.extend({ LogicalResourceId: z.string().optional() }),
      (input, caller) => {
        allow('DescribeStackResources', input.StackName, caller);
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
      allow('DescribeStackResource', input.StackName, caller);
      const stack = store.find(input.StackName);
      if (!stack) throw validationError(`Stack '${input.StackName}' does not exist`);
      const resource = store.resource(stack.id, input.LogicalResourceId);
      if (!resource) {
        throw validationError(
          `Resource ${input.LogicalResourceId} does not exist for stack ${input.StackName}`,
        );
      }
      const LastUpdatedTimestamp = new Date(resource.updatedAt);
      const Metadata = resource.metadata && JSON.stringify(resource.metadata);
      return {
        StackResourceDetail: { ...describeResource(resource, stack), LastUpdatedTimestamp, Metadata },
      };
    }),
    ListStackResources: operation(STACK, ({ StackName }, caller) => {
      allow('ListStackResources', StackName, caller);
      const stack = store.get(StackName);
      const summaries = store.resources(stack.id).map((resource) => {
        const { StackName: _name, StackId: _id, ...summary } = describeResource(resource, stack);
        return { ...summary, LastUpdatedTimestamp: new Date(resource.updatedAt) };
      });
      return { StackResourceSummaries: summaries };
    }),
    GetTemplate: operation(
      STACK.partial().extend({
        ChangeSetName: z.string().optional(),
        TemplateStage: z.enum(['Original', 'Processed']).optional(),
      }),
      ({ StackName, ChangeSetName }, caller) => {
        allow('GetTemplate', StackName ?? '*', caller);
        if (!StackName && !ChangeSetName?.startsWith('arn:'))
          throw validationError('StackName is a required parameter.');
        const source = ChangeSetName ? store.changeSet(ChangeSetName, StackName) : store.get(StackName ?? '');
        return { TemplateBody: source.template, StagesAvailable: ['Original', 'Processed'] };
      },
    ),
    GetTemplateSummary: operation(SOURCE.partial(), async (input, caller) => {
      allow('GetTemplateSummary', input.StackName ?? '*', caller);
      const stack = input.TemplateBody === undefined ? store.get(input.StackName ?? '') : undefined;
      if (stack?.status === 'REVIEW_IN_PROGRESS')
        throw validationError('GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.');
      const template = input.TemplateBody ?? stack?.template ?? '';
      const parsed = parseTemplate(template);
      const parameters = Object.entries(parsed.Parameters).map(([ParameterKey, { Type, Default }]) => ({
        ParameterKey,
        ParameterType: Type,
        DefaultValue: Default,
      }));
      return {
        Version: parsed.AWSTemplateFormatVersion ?? '2010-09-09',
        Metadata: parsed.Metadata && JSON.stringify(parsed.Metadata),
        Description: parsed.Description,
        Parameters: parameters,
        ResourceTypes: [...new Set(Object.values(parsed.Resources).map(({ Type }) => Type))],
      };
    }),
    ValidateTemplate: operation(z.object({ TemplateBody: z.string() }), ({ TemplateBody }, caller) => {
      allow('ValidateTemplate', '*', caller);
      const parsed = parseTemplate(TemplateBody);
      return {
        Description: parsed.Description,
        Parameters: Object.keys(parsed.Parameters).map((ParameterKey) => ({ ParameterKey })),
      };
    }),
    ListExports: operation(z.object({}), (_input, caller) => {
      allow('ListExports', '*', caller);
      const exported = store
        .all()
        .filter(({ status }) => isAlive(status))
        .flatMap((stack) =>
          stack.outputs.flatMap(({ exportName, value }) =>
            exportName ? [{ ExportingStackId: stack.id, Name: exportName, Value: value }] : [],
          ),
        );
      return { Exports: exported };
    }),
    ListImports: operation(z.object({ ExportName: z.string() }), ({ ExportName }, caller) => {
      allow('ListImports', '*', caller);
      const importing = store
        .all()
        .filter((stack) => isAlive(stack.status) && importsOf(stack).has(ExportName))
        .map(({ name }) => name);
      if (importing.length === 0)
        throw validationError(`Export '${ExportName}' is not imported by any stack.`);
      return { Imports: importing };
    }),
  };
}
