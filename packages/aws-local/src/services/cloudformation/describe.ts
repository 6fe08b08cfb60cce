// Stacks, resources, events and change sets in the shapes of the CloudFormation API.

import {
  type ChangeSetRecord,
  isAlive,
  type ResourceRecord,
  type StackEvent,
  type StackRecord,
  type StackSource,
} from '../../cloudformation/stack';
import type { Template } from '../../cloudformation/template';
import type { Shape } from '../../service';

const date = (time: number | undefined) => (time === undefined ? undefined : new Date(time));

/** Values that are not to be told are stars; of SSM's parameters the value is told that they had. */
function describeParameters({ template, parameters, ssmValues }: StackSource): Shape[] {
  const defined = template === '' ? {} : (JSON.parse(template) as Partial<Template>).Parameters;
  return Object.entries(parameters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([ParameterKey, value]) => ({
      ParameterKey,
      ParameterValue: String(defined?.[ParameterKey]?.NoEcho) === 'true' ? '****' : value,
      ResolvedValue: ssmValues?.[ParameterKey],
    }));
}

/** What is empty is absent. */
const unlessEmpty = <T>(list: readonly T[]) => (list.length > 0 ? list : undefined);

export function describeStack(stack: StackRecord): Shape {
  return {
    StackId: stack.id,
    ChangeSetId: isAlive(stack.status) ? stack.changeSetId : undefined,
    StackName: stack.name,
    Description: descriptionOf(stack.template),
    CreationTime: date(stack.createdAt),
    LastUpdatedTime: date(stack.updatedAt),
    DeletionTime: date(stack.deletedAt),
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: stack.disableRollback,
    EnableTerminationProtection: isAlive(stack.status) ? stack.terminationProtection : undefined,
    RoleARN: stack.roleArn,
    RollbackConfiguration: {},
    Capabilities: unlessEmpty(stack.capabilities),
    NotificationARNs: [],
    Parameters: unlessEmpty(describeParameters(stack)),
    Tags: stack.tags,
    Outputs: unlessEmpty(
      stack.outputs.map(({ key, value, description, exportName }) => ({
        OutputKey: key,
        OutputValue: value,
        Description: description,
        ExportName: exportName,
      })),
    ),
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

function descriptionOf(template: string): string | undefined {
  return template === '' ? undefined : JSON.parse(template).Description;
}

export function summarizeStack(stack: StackRecord): Shape {
  const { StackId, StackName, CreationTime, LastUpdatedTime, DeletionTime, StackStatus, StackStatusReason } =
    describeStack(stack);
  return {
    StackId,
    StackName,
    CreationTime,
    LastUpdatedTime,
    DeletionTime,
    StackStatus,
    StackStatusReason,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

export function describeResource(resource: ResourceRecord, stack: StackRecord): Shape {
  return {
    StackName: stack.name,
    StackId: stack.id,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

/** Deletions and stacks have ids of their own, other events of resources are named by what they tell. */
const eventId = ({ id, type, logicalId, status, time }: StackEvent): string => {
  if (type === 'AWS::CloudFormation::Stack') return id;
  return status.startsWith('DELETE')
    ? `${logicalId}-${id}`
    : `${logicalId}-${status}-${new Date(time).toISOString()}`;
};

export function describeEvent(event: StackEvent): Shape {
  return {
    EventId: eventId(event),
    StackId: event.stackId,
    StackName: event.stackName,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: date(event.time),
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
    ResourceProperties: event.properties,
  };
}

/** Members of changes that tell values; the rest tells names. */
const VALUES = [
  'BeforeContext',
  'AfterContext',
  'BeforeValue',
  'AfterValue',
  'AttributeChangeType',
  'Path',
  'isConsequence',
];

function without(names: readonly string[], value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => without(names, one));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const members = Object.entries(value).filter(([name]) => !names.includes(name));
  return Object.fromEntries(members.map(([name, member]) => [name, without(names, member)]));
}

/** Without values, a modification that only follows from another resource's is not told. */
function withoutConsequences(change: Shape): Shape {
  const resource = change.ResourceChange as Shape & { readonly Details: readonly Shape[] };
  const Details = resource.Details.filter(({ isConsequence }) => isConsequence !== true);
  return { ...change, ResourceChange: { ...resource, Details } };
}

export function describeChangeSet(changeSet: ChangeSetRecord, withValues: boolean): Shape {
  return {
    ...summarizeChangeSet(changeSet),
    Parameters: unlessEmpty(describeParameters(changeSet)),
    NotificationARNs: [],
    RollbackConfiguration: {},
    Capabilities: changeSet.capabilities,
    Tags: unlessEmpty(changeSet.tags),
    Changes: withValues
      ? without(['isConsequence'], changeSet.changes)
      : without(VALUES, changeSet.changes.map(withoutConsequences)),
  };
}

export function summarizeChangeSet(changeSet: ChangeSetRecord): Shape {
  return {
    ChangeSetId: changeSet.id,
    ChangeSetName: changeSet.name,
    StackId: changeSet.stackId,
    StackName: changeSet.stackName,
    Description: changeSet.description,
    CreationTime: date(changeSet.createdAt),
    Status: changeSet.status,
    StatusReason: changeSet.statusReason,
    ExecutionStatus: changeSet.executionStatus,
    IncludeNestedStacks: false,
  };
}
