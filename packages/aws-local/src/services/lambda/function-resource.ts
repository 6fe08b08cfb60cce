// AWS::Lambda::Function.
import { isDeepStrictEqual } from 'node:util';
import { ZipFile } from 'yazl';
import {
  answered,
  byName,
  ignoreMissing,
  optionalString,
  type Properties,
  type ProviderContext,
  type ProvisionedResource,
  pick,
  type ResourceProvider,
  reset,
} from '../../cloudformation/provider';
import { asMap } from '../../cloudformation/tags';
import type { Shape } from '../../service';
import { NEVER_RUN } from './function-input';

const CONFIGURATION = [
  'Role',
  'Runtime',
  'Handler',
  'Description',
  'MemorySize',
  'Timeout',
  'Environment',
  'Layers',
  'LoggingConfig',
  'TracingConfig',
  'EphemeralStorage',
  'DeadLetterConfig',
];

/** What is not set, and changes. */
const DEFAULTS = {
  Description: '',
  MemorySize: 128,
  Timeout: 3,
  Environment: { Variables: {} },
  Layers: [],
  TracingConfig: { Mode: 'PassThrough' },
  EphemeralStorage: { Size: 512 },
  DeadLetterConfig: { TargetArn: '' },
};

interface Code {
  readonly S3Bucket?: string;
  readonly S3Key?: string;
  readonly ZipFile?: string;
}

/** CloudFormation takes source text where the API takes a zip archive. */
async function zipped(source: string, runtime: string): Promise<Buffer> {
  const archive = new ZipFile();
  archive.addBuffer(Buffer.from(source), runtime.startsWith('python') ? 'index.py' : 'index.js', {
    mtime: new Date(0),
  });
  archive.end();
  const chunks: Buffer[] = [];
  for await (const chunk of archive.outputStream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function codeInput(properties: Properties): Promise<Shape> {
  const code = (properties.Code ?? {}) as Code;
  if (code.ZipFile === undefined) return pick({ ...code }, 'S3Bucket', 'S3Key');
  return { ZipFile: await zipped(code.ZipFile, String(properties.Runtime)) };
}

async function applyConcurrency(
  name: string,
  properties: Properties,
  previous: Properties,
  context: ProviderContext,
) {
  const reserved = properties.ReservedConcurrentExecutions;
  if (reserved === previous.ReservedConcurrentExecutions) return;
  if (reserved === undefined) {
    await context.call('lambda', 'DeleteFunctionConcurrency', { FunctionName: name });
  } else {
    const ReservedConcurrentExecutions = Number(reserved);
    await context.call('lambda', 'PutFunctionConcurrency', {
      FunctionName: name,
      ReservedConcurrentExecutions,
    });
  }
}

function values(configuration: Shape): ProvisionedResource {
  return {
    physicalId: answered(configuration, 'FunctionName'),
    attributes: { Arn: answered(configuration, 'FunctionArn') },
    note: configuration.StateReason as string | undefined,
  };
}

export const lambdaFunction: ResourceProvider = {
  properties: [
    'FunctionName',
    'Code',
    'Architectures',
    'PackageType',
    'ReservedConcurrentExecutions',
    ...CONFIGURATION,
  ],
  tags: {
    service: 'lambda',
    put: 'TagResource',
    remove: 'UntagResource',
    of: ({ attributes }) => ({ Resource: attributes.Arn }),
    tags: (tags) => ({ Tags: asMap(tags) }),
  },
  async create(properties, context) {
    const FunctionName = optionalString(properties, 'FunctionName') ?? context.generateName(64);
    const made = await context.call('lambda', 'CreateFunction', {
      ...pick(properties, 'Architectures', 'PackageType', ...CONFIGURATION),
      FunctionName,
      NeverRun: context.isDoneHere ? NEVER_RUN : undefined,
      Code: await codeInput(properties),
    });
    await applyConcurrency(FunctionName, properties, {}, context);
    return values(made);
  },
  async update(FunctionName, properties, previous, context) {
    const made = await context.call('lambda', 'UpdateFunctionConfiguration', {
      FunctionName,
      ...reset(properties, previous, {
        ...DEFAULTS,
        LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${FunctionName}` },
      }),
      ...pick(properties, ...CONFIGURATION),
    });
    // Afterwards, as what is added to the environment is there when the code that wants it runs. A call between the two has new settings and
    // old code: each call of Lambda changes one of them.
    if (!isDeepStrictEqual(properties.Code, previous.Code)) {
      const code = await codeInput(properties);
      await context.call('lambda', 'UpdateFunctionCode', {
        FunctionName,
        ...pick(properties, 'Architectures'),
        ...code,
      });
    }
    await applyConcurrency(FunctionName, properties, previous, context);
    return values(made);
  },
  lookUp: byName('FunctionName', 64, (FunctionName, context) =>
    context.call('lambda', 'GetFunction', { FunctionName }),
  ),
  delete: (FunctionName, _properties, context) =>
    ignoreMissing(context.call('lambda', 'DeleteFunction', { FunctionName })),
};
