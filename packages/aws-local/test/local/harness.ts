// The services behind the real gateway, with a fixed access key and a policy engine that the test decides on.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@emotion-gallery/local-kit/clock';
import { RealClock } from '@emotion-gallery/local-kit/clock';
import { Store } from '@emotion-gallery/local-kit/store';
import { connect } from '../../src/connect';
import { Gateway } from '../../src/gateway/server';
import {
  type AccessRequest,
  AwsError,
  type AwsService,
  type Principal,
  type ServiceContext,
} from '../../src/service';
import { SERVICES } from '../../src/services';

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
const CREDENTIALS = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };

export const ROOT: Principal = { kind: 'root', arn: `arn:aws:iam::${ACCOUNT}:root`, accountId: ACCOUNT };

export interface Harness {
  readonly endpoint: string;
  readonly stateDir: string;
  readonly asked: AccessRequest[];
  /** What an SDK client is made with. */
  readonly client: {
    endpoint: string;
    region: string;
    credentials: typeof CREDENTIALS;
    maxAttempts: number;
    forcePathStyle: true;
  };
  /** Denies matching requests until changed. */
  deny: (request: AccessRequest) => boolean;
  service<T>(id: string): T;
  /** Closes the services and makes them anew over the same state, to which something may happen meanwhile. */
  restart(meanwhile?: () => void): Promise<void>;
  close(): Promise<void>;
}

export type Factory = (context: ServiceContext) => Promise<AwsService>;

/** `factories` by service id. */
export async function startServices(
  factories: Readonly<Record<string, Factory>>,
  options: { readonly clock?: Clock; readonly siteHost?: string } = {},
): Promise<Harness> {
  const stateDir = mkdtempSync(join(tmpdir(), 'aws-services-'));
  const services = new Map<string, AwsService>();
  const asked: AccessRequest[] = [];
  const clock = options.clock ?? new RealClock(1);
  const log = (line: string) => {
    if (process.env.DEBUG_SERVICES) console.log(line);
  };
  const gateway = new Gateway({
    account: () => ({
      serviceIn: async (id: string) => services.get(id),
      credentials: {
        resolve: (accessKeyId: string) => ({
          secret: 'secret',
          principal: accessKeyId.startsWith('ROLE') ? rolePrincipal(accessKeyId) : ROOT,
        }),
      } as never,
    }),
    services: SERVICES,
    accountId: ACCOUNT,
    now: () => Date.now(),
    log,
  });
  const port = await gateway.listen(0);
  const endpoint = `http://127.0.0.1:${port}`;
  const roles: string[] = [];
  function rolePrincipal(accessKeyId: string): Principal {
    const roleArn = roles[Number(accessKeyId.slice(4))] ?? '';
    const name = roleArn.split('/').at(-1);
    return {
      kind: 'assumed-role',
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/session`,
      accountId: ACCOUNT,
      roleArn,
    };
  }
  const harness: Harness = {
    endpoint,
    stateDir,
    asked,
    client: { endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1, forcePathStyle: true },
    deny: () => false,
    service: <T>(id: string) => services.get(id) as T,
    async restart(meanwhile = () => undefined) {
      await closeAll();
      await store.close();
      meanwhile();
      await make();
    },
    async close() {
      await closeAll();
      await store.close();
      await gateway.close();
      clock.stop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
  let store: Store;
  /** Those that call others first. */
  const closeAll = async () => {
    for (const service of [...services.values()].reverse()) await service.close();
  };
  const make = async () => {
    services.clear();
    store = new Store({ dir: join(stateDir, 'store'), clock, log });
    for (const [id, create] of Object.entries(factories)) {
      const context: ServiceContext = {
        region: REGION,
        accountId: ACCOUNT,
        store,
        stateDir: join(stateDir, id),
        endpoint,
        siteHost: options.siteHost ?? 'localhost:8080',
        apiHost: 'execute-api.localhost:4566',
        clock,
        authorize: (request) => {
          asked.push(request);
          if (harness.deny(request)) {
            throw new AwsError(
              'AccessDenied',
              `${request.principal.arn} is not authorized to perform: ${request.action}`,
              403,
            );
          }
        },
        log,
        ...connect(SERVICES, (id) => services.get(id)),
        assumeRole: (roleArn, session) => ({
          kind: 'assumed-role',
          arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${roleArn.split('/').at(-1)}/${session}`,
          accountId: ACCOUNT,
          roleArn,
        }),
        credentialsFor: (roleArn) => {
          roles.push(roleArn);
          return { accessKeyId: `ROLE${roles.length - 1}`, secretAccessKey: 'secret', sessionToken: 'token' };
        },
      };
      services.set(id, await create(context));
    }
    for (const service of services.values()) await service.start?.();
  };
  await make();
  return harness;
}

/** Waits until `condition` holds; fails after `ms`. */
export async function eventually<T>(
  condition: () => Promise<T | undefined> | T | undefined,
  ms = 60_000,
): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error('the expected did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
