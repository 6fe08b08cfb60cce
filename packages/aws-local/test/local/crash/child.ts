// The process that is killed: the services over a folder, worked through messages of the parent. Everything is allowed.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { RealClock } from '@emotion-gallery/local-kit/clock';
import { Store } from '@emotion-gallery/local-kit/store';
import { connect } from '../../../src/connect';
import type { AwsService, Principal, ServiceContext, Shape } from '../../../src/service';
import { SERVICES } from '../../../src/services';
import { createCloudWatch } from '../../../src/services/cloudwatch';
import { createDynamoDb } from '../../../src/services/dynamodb';
import { createEvents } from '../../../src/services/events';
import { createLambda } from '../../../src/services/lambda';
import { createLogs } from '../../../src/services/logs';
import { createPersonalizeMount } from '../../../src/services/personalize';
import { createS3 } from '../../../src/services/s3';
import { createSecretsManager } from '../../../src/services/secretsmanager';
import { createSqs } from '../../../src/services/sqs';
import { createStates } from '../../../src/services/states';

export interface Request {
  readonly id: number;
  readonly service: string;
  readonly operation: string;
  readonly input: Shape;
}

export type Reply = { readonly id: number; readonly output?: Shape; readonly error?: string };

const ACCOUNT = '000000000000';
const REGION = 'us-east-1';
const ROOT: Principal = { kind: 'root', arn: `arn:aws:iam::${ACCOUNT}:root`, accountId: ACCOUNT };
/** How much faster the life of what Amazon Personalize makes goes by. */
const PERSONALIZE_SPEED = 5_000;
const FACTORIES = {
  s3: createS3,
  dynamodb: createDynamoDb,
  sqs: createSqs,
  events: createEvents,
  lambda: createLambda,
  logs: createLogs,
  monitoring: createCloudWatch,
  personalize: (context: ServiceContext) =>
    createPersonalizeMount(context, { administrator: ROOT, clock: new RealClock(PERSONALIZE_SPEED) }),
  secretsmanager: createSecretsManager,
  states: createStates,
};

async function open(stateDir: string): Promise<ReadonlyMap<string, AwsService>> {
  const services = new Map<string, AwsService>();
  const clock = new RealClock(1);
  const store = new Store({ dir: join(stateDir, 'store'), clock });
  for (const [id, create] of Object.entries(FACTORIES)) {
    const context: ServiceContext = {
      region: REGION,
      accountId: ACCOUNT,
      store,
      stateDir: join(stateDir, id),
      endpoint: 'http://127.0.0.1:1',
      siteHost: 'localhost:1',
      apiHost: 'execute-api.localhost:4566',
      clock,
      authorize: () => undefined,
      log: () => undefined,
      ...connect(SERVICES, (id) => services.get(id)),
      assumeRole: (roleArn) => ({ kind: 'assumed-role', arn: roleArn, accountId: ACCOUNT, roleArn }),
      credentialsFor: () => ({ accessKeyId: 'AKIACRASH', secretAccessKey: 'secret', sessionToken: 'token' }),
    };
    services.set(id, await create(context));
  }
  for (const service of services.values()) await service.start?.();
  return services;
}

const isFullError = () =>
  Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
let isFull = false;
const setFull = (full: boolean) => {
  isFull = full;
};

/** All ways by which the services write. */
async function watchWrites(): Promise<void> {
  const { writeSync } = fs;
  fs.writeSync = ((...args: Parameters<typeof writeSync>) => {
    if (isFull) throw isFullError();
    return writeSync(...args);
  }) as typeof writeSync;
  const handle = await fs.promises.open(process.execPath);
  const prototype = Object.getPrototypeOf(handle) as Record<string, (...args: unknown[]) => Promise<unknown>>;
  await handle.close();
  for (const owner of [prototype, fs.promises as unknown as typeof prototype]) {
    for (const name of ['writeFile', 'appendFile', 'write', 'writev']) {
      const write = owner[name];
      if (!write) continue;
      owner[name] = function (this: unknown, ...args) {
        return isFull ? Promise.reject(isFullError()) : write.apply(this, args);
      };
    }
  }
  syncBuiltinESMExports();
}

/** Streams do not travel to the parent; their bytes do. */
async function readBody(output: Shape): Promise<Shape> {
  const { Body } = output;
  if (typeof Body !== 'object' || Body === null || Buffer.isBuffer(Body)) return output;
  return { ...output, Body: await buffer(Body as Readable) };
}

async function main(): Promise<void> {
  await watchWrites();
  const services = await open(process.argv[2] ?? '');
  process.on('message', ({ id, service, operation, input }: Request) => {
    if (service === 'disk') setFull(operation === 'Fill');
    const called =
      service === 'disk'
        ? Promise.resolve({})
        : (services.get(service)?.call(operation, input, ROOT) ?? Promise.reject(new Error(service)));
    called.then(readBody).then(
      (output) => process.send?.({ id, output } satisfies Reply),
      (error: Error) => process.send?.({ id, error: `${error.name}: ${error.message}` } satisfies Reply),
    );
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ id: 0 } satisfies Reply);
}

void main();
