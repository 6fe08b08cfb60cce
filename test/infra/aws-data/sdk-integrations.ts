// Judges the tasks of state machines by the models in AWS's SDK: the service, the action, the names of its parameters and those that it
// needs. Step Functions spells actions in camelCase and parameters in PascalCase (Developer Guide, "Learning to use AWS service SDK integrations").
import jsonata from 'jsonata';
import type { Json } from './arns';

/** The SDK's packages of the services that state machines may call. */
const packages: Readonly<Record<string, string>> = {
  cloudwatch: '@aws-sdk/client-cloudwatch',
  dynamodb: '@aws-sdk/client-dynamodb',
  eventbridge: '@aws-sdk/client-eventbridge',
  personalize: '@aws-sdk/client-personalize',
  s3: '@aws-sdk/client-s3',
  scheduler: '@aws-sdk/client-scheduler',
  sfn: '@aws-sdk/client-sfn',
  sns: '@aws-sdk/client-sns',
  sqs: '@aws-sdk/client-sqs',
};

/** Integrations that Step Functions has beside those of the SDK, by the SDK's action. */
const optimized: Readonly<Record<string, { readonly service: string; readonly action: string }>> = {
  'dynamodb:getItem': { service: 'dynamodb', action: 'getItem' },
  'dynamodb:putItem': { service: 'dynamodb', action: 'putItem' },
  'dynamodb:updateItem': { service: 'dynamodb', action: 'updateItem' },
  'dynamodb:deleteItem': { service: 'dynamodb', action: 'deleteItem' },
  'events:putEvents': { service: 'eventbridge', action: 'putEvents' },
  'sns:publish': { service: 'sns', action: 'publish' },
  'sqs:sendMessage': { service: 'sqs', action: 'sendMessage' },
};

/** Tasks whose parameters are not an SDK operation's. */
const notOfTheSdk = ['lambda:invoke'];

// The SDK's static schemas (@smithy/core/schema): [3, namespace, name, traits, members, types, how many of them are required].
type StructureSchema = readonly [3, string, string, unknown, readonly string[], unknown, number?];

export interface Task {
  readonly place: string;
  readonly Resource: string;
  readonly Arguments?: Json;
}

/** All tasks of a definition, those within maps and parallels too. */
export function tasksOf(machine: string, states: Readonly<Record<string, Json>>): Task[] {
  return Object.entries(states).flatMap(([name, state]) => [
    ...(state.Type === 'Task' ? [{ place: `${machine}: ${name}`, ...state }] : []),
    ...(state.Branches ?? []).flatMap((branch: Json) => tasksOf(machine, branch.States)),
    ...(state.ItemProcessor ? tasksOf(machine, state.ItemProcessor.States) : []),
  ]);
}

/** @returns what is wrong with the task */
export async function problemsOf({ place, Resource, Arguments }: Task): Promise<string[]> {
  const [, id = ''] = /^arn:[\w-]+:states:::(?:aws-sdk:)?(\w+:\w+)/.exec(Resource) ?? [];
  if (notOfTheSdk.includes(id)) return [];
  const [service = '', action = ''] = id.split(':');
  const called = Resource.includes(':aws-sdk:') ? { service, action } : optimized[id];
  const package_ = called && packages[called.service];
  if (!package_) return [`${place}: Step Functions has no integration ${Resource}`];
  const operation = called.action.replace(/^./, (first) => first.toUpperCase());
  const { [`${operation}$`]: schema } = await import(package_);
  if (!schema || !/^[a-z]/.test(called.action)) return [`${place}: ${package_} has no ${called.action}`];
  const input: StructureSchema = typeof schema[4] === 'function' ? schema[4]() : schema[4];
  const members = input[4].map((member) => member.replace(/^./, (first) => first.toUpperCase()));
  const { names, isAll } = namesIn(Arguments);
  const missing = isAll ? members.slice(0, input[6] ?? 0).filter((name) => !names.includes(name)) : [];
  return [
    ...names.filter((name) => !members.includes(name)).map((name) => `${place}: ${operation} has no ${name}`),
    ...missing.map((name) => `${place}: ${operation} needs ${name}`),
  ];
}

interface Names {
  readonly names: readonly string[];
  /** Whether there can be no others: a variable may hold any. */
  readonly isAll: boolean;
}

const unknown: Names = { names: [], isAll: false };

/** Names of parameters, whether they are an object or one expression that gives it. */
function namesIn(parameters: Json): Names {
  if (typeof parameters !== 'string') return { names: Object.keys(parameters ?? {}), isAll: true };
  return keysOf(jsonata(parameters.replace(/^\{%|%\}$/g, '')).ast());
}

const joined = (nodes: readonly Json[]): Names => {
  const found = nodes.map(keysOf);
  return { names: found.flatMap(({ names }) => names), isAll: found.every(({ isAll }) => isAll) };
};

/** Keys of every object that the expression may give: literals, in conditions and in $merge. */
function keysOf(node: Json): Names {
  switch (node?.type) {
    case 'unary':
      if (node.value === '[') return joined(node.expressions);
      return { names: node.lhs.map(([key]: [{ value: string }]) => key.value), isAll: true };
    case 'condition':
      return joined([node.then, node.else]);
    case 'function':
      return node.procedure?.steps?.[0]?.value === 'merge' || node.procedure?.value === 'merge'
        ? joined(node.arguments)
        : unknown;
    case 'block':
      return keysOf(node.expressions.at(-1));
    case 'path':
      return node.steps.length === 1 ? keysOf(node.steps[0]) : unknown;
    default:
      return unknown;
  }
}
