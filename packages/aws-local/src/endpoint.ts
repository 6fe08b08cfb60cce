// AWS on localhost: all services behind one port, with IAM enforced and the state in one folder.
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { Clock } from '@emotion-gallery/local-kit/clock';
import { Engine } from './cloudformation/engine';
import { presignedUrl } from './gateway/presign';
import { Gateway } from './gateway/server';
import { Authorizer } from './iam/authorizer';
import { addBootstrapRoles, stagingBucketName } from './iam/bootstrap';
import { BOOTSTRAP_KEYS, CredentialStore } from './iam/credentials';
import { DecisionLog, type DecisionReport } from './iam/decisions';
import { IamDirectory } from './iam/directory';
import {
  AwsError,
  type AwsService,
  type Principal,
  type ServiceContext,
  type Shape,
  type SiteServer,
} from './service';
import { DATA_PLANE } from './services';
import { createCloudFormation } from './services/cloudformation';
import { createIam } from './services/iam';
import { createPersonalizeMount, type PersonalizeMount } from './services/personalize';
import { createSsm } from './services/ssm';
import { createSts } from './services/sts';

export interface AwsEndpointProps {
  readonly stateDir: string;
  readonly region: string;
  readonly accountId: string;
  /** 0 takes any free port. */
  readonly awsPort: number;
  readonly sitePort: number;
  /** The time of schedules, retries and timestamps. */
  readonly clock: Clock;
  /** The time of Amazon Personalize's life cycles. */
  readonly personalizeClock: Clock;
  /** The time of Step Functions' waits, retries and time limits: state machines mostly wait for Amazon Personalize. @default - clock */
  readonly statesClock?: Clock;
  /** Fault rules of Amazon Personalize, for example `PutEvents:throttle:0.2`. */
  readonly faults?: readonly string[];
  readonly log: (line: string) => void;
}

export interface AwsEndpoint {
  /** `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** `http://localhost:8080`. */
  readonly siteUrl: string;
  readonly personalize: PersonalizeMount['personalize'];
  /** Calls an operation as the account's administrator. */
  call(service: string, operation: string, input: Shape): Promise<Shape>;
  /** Which grants were used and what was denied, up to now. */
  permissions(): DecisionReport;
  close(): Promise<void>;
}

/** Reserves a port, so that services know their own address before they exist. */
async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}

class Account {
  private readonly services = new Map<string, AwsService>();
  readonly credentials: CredentialStore;
  private readonly directory: IamDirectory;
  readonly decisions: DecisionLog;
  private readonly authorizer: Authorizer;

  constructor(
    private readonly props: AwsEndpointProps,
    private readonly endpoint: string,
    private readonly siteHost: string,
  ) {
    const { stateDir, accountId, region, clock } = props;
    const now = () => clock.now();
    this.directory = new IamDirectory(join(stateDir, 'iam'));
    addBootstrapRoles(this.directory, accountId, region);
    this.decisions = new DecisionLog(join(stateDir, 'permissions.json'));
    this.authorizer = new Authorizer({ directory: this.directory, decisions: this.decisions, region, now });
    this.credentials = new CredentialStore({
      accountId,
      directory: this.directory,
      decisions: this.decisions,
      now,
    });
  }

  /** Makes the services; returns Amazon Personalize, which the process talks to directly as well. */
  async open(): Promise<PersonalizeMount> {
    const { credentials } = this;
    for (const [id, create] of Object.entries(DATA_PLANE)) this.add(id, await create(this.context(id)));
    this.add('sts', createSts(this.context('sts'), credentials));
    this.add('ssm', createSsm(this.context('ssm')));
    this.add('iam', createIam(this.context('iam'), this.directory));
    const personalize = await createPersonalizeMount(this.context('personalize'), {
      administrator: credentials.bootstrapUser,
      clock: this.props.personalizeClock,
      faults: this.props.faults,
    });
    this.add('personalize', personalize);
    await this.createStagingBucket();
    const engine = this.createEngine();
    this.add('cloudformation', createCloudFormation(this.context('cloudformation'), engine));
    await engine.resume();
    return personalize;
  }

  get(id: string): AwsService | undefined {
    return this.services.get(id);
  }

  callAsAdministrator(id: string, operation: string, input: Shape): Promise<Shape> {
    return this.context(id).service<AwsService>(id).call(operation, input, this.credentials.bootstrapUser);
  }

  async close(): Promise<void> {
    // Operations of CloudFormation call the other services, so they end first.
    await this.services.get('cloudformation')?.close();
    this.services.delete('cloudformation');
    const iam = this.services.get('iam');
    this.services.delete('iam');
    await Promise.all([...this.services.values()].map((service) => service.close()));
    await iam?.close();
    this.decisions.flush();
  }

  private add(id: string, service: AwsService): void {
    this.services.set(id, service);
  }

  private createEngine(): Engine {
    const { region, clock } = this.props;
    return new Engine({
      context: this.context('cloudformation'),
      bootstrapUser: this.credentials.bootstrapUser,
      presign: (bucket, key, expiresSeconds) =>
        presignedUrl({
          ...BOOTSTRAP_KEYS,
          region,
          method: 'PUT',
          bucket,
          key,
          expiresSeconds,
          now: clock.now(),
        }),
    });
  }

  private async createStagingBucket(): Promise<void> {
    const { accountId, region } = this.props;
    const Bucket = stagingBucketName(accountId, region);
    const { Buckets } = await this.callAsAdministrator('s3', 'ListBuckets', {});
    const exists = (Buckets as readonly { Name: string }[]).some(({ Name }) => Name === Bucket);
    if (!exists) await this.callAsAdministrator('s3', 'CreateBucket', { Bucket });
  }

  private context(id: string): ServiceContext {
    const { region, accountId, log, stateDir, statesClock } = this.props;
    const clock = id === 'states' && statesClock ? statesClock : this.props.clock;
    const ownStateDir = join(stateDir, id);
    mkdirSync(ownStateDir, { recursive: true });
    const { credentials, services } = this;
    return {
      region,
      accountId,
      stateDir: ownStateDir,
      endpoint: this.endpoint,
      siteHost: this.siteHost,
      clock,
      authorize: this.authorizer.authorize,
      log: (line) => log(`${id}: ${line}`),
      service<T>(name: string): T {
        const service = services.get(name);
        if (!service)
          throw new AwsError('UnknownService', `There is no service '${name}' on this endpoint.`, 400);
        // The caller names the interface that the service with this id is known to have.
        return service as T;
      },
      assumeRole(roleArn, sessionName, servicePrincipal, sourceArn) {
        const service: Principal = {
          kind: 'service',
          arn: servicePrincipal,
          accountId,
          sourceArn,
          sourceAccount: accountId,
        };
        return credentials.trustedPrincipal(service, roleArn, sessionName);
      },
      credentialsFor: (roleArn, sessionName) =>
        credentials.forService('lambda.amazonaws.com', roleArn, sessionName),
    };
  }
}

/** Starts the endpoint and the site's port. Rejects with EADDRINUSE when a port is taken. */
export async function createAwsEndpoint(props: AwsEndpointProps): Promise<AwsEndpoint> {
  const holder: { account?: Account } = {};
  const gateway = new Gateway({
    account: () => holder.account,
    accountId: props.accountId,
    now: () => props.clock.now(),
    log: props.log,
  });
  const site = createServer((request, response) => {
    const cloudfront = holder.account?.get('cloudfront') as (AwsService & SiteServer) | undefined;
    if (cloudfront) cloudfront.serve(request, response);
    else response.writeHead(503, { 'retry-after': '1' }).end('The site is starting.\n');
  });
  const awsPort = await gateway.listen(props.awsPort);
  const sitePort = await listen(site, props.sitePort).catch(async (error: unknown) => {
    await gateway.close();
    throw error;
  });
  const closePorts = async () => {
    await gateway.close();
    await new Promise<void>((resolve) => {
      site.close(() => resolve());
      site.closeAllConnections();
    });
  };
  const endpoint = `http://127.0.0.1:${awsPort}`;
  const siteHost = `localhost:${sitePort}`;
  try {
    const account = new Account(props, endpoint, siteHost);
    const { personalize } = await account.open();
    holder.account = account;
    return {
      endpoint,
      siteUrl: `http://${siteHost}`,
      personalize,
      call: (service, operation, input) => account.callAsAdministrator(service, operation, input),
      permissions: () => account.decisions.report(),
      async close() {
        await closePorts();
        await account.close();
        props.clock.stop();
        props.personalizeClock.stop();
        props.statesClock?.stop();
      },
    };
  } catch (error) {
    await closePorts();
    throw error;
  }
}
