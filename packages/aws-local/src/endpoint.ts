// AWS on localhost: all services behind one port, with IAM enforced and the state in one folder.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@emotion-gallery/local-kit/clock';
import { Door, LOOPBACK } from '@emotion-gallery/local-kit/door';
import { StateFolder } from '@emotion-gallery/local-kit/lock';
import type { Store } from '@emotion-gallery/local-kit/store';
import { connect } from './connect';
import type { Host } from './declaration';
import { Gateway } from './gateway/server';
import { type AccessKey, administratorKey } from './iam/administrator';
import { Authorizer } from './iam/authorizer';
import { addBootstrapRoles, stagingBucketName } from './iam/bootstrap';
import { CredentialStore } from './iam/credentials';
import { DecisionLog, type DecisionReport } from './iam/decisions';
import { IamDirectory } from './iam/directory';
import { type Region, Regions } from './regions';
import {
  AwsError,
  type AwsService,
  type Principal,
  type ServiceContext,
  type Shape,
  type SiteServer,
} from './service';
import { providerFor, SERVICES } from './services';
import type { PersonalizeMount } from './services/personalize';
import { openStore } from './state/open-store';

export interface AwsEndpointProps {
  /** Made when it is missing. One that holds other things than an earlier endpoint's state is refused. */
  readonly stateDir: string;
  /** Forgets what the folder holds. @default false */
  readonly fresh?: boolean;
  /** The first; further ones are there when somebody signs for them. */
  readonly region: string;
  readonly accountId: string;
  /** 0 takes any free port. */
  readonly awsPort: number;
  readonly sitePort: number;
  /** Further names by which clients may call both ports, for example `host.docker.internal`. */
  readonly hosts?: readonly string[];
  /** Opens the site, and only the site, to the network, where it is called by this address. @default - this machine only */
  readonly siteAddress?: string;
  /** The time of schedules, retries and timestamps. */
  readonly clock: Clock;
  /** The time of Amazon Personalize's life cycles. */
  readonly personalizeClock: Clock;
  /** The time of Step Functions' waits, retries and time limits: state machines mostly wait for Amazon Personalize. @default - clock */
  readonly statesClock?: Clock;
  /** Fault rules of Amazon Personalize, for example `PutEvents:throttle:0.2`. */
  readonly faults?: readonly string[];
  /** The recipes that AWS has retired exist, as older notebooks expect. @default false */
  readonly retiredRecipes?: boolean;
  readonly log: (line: string) => void;
}

export interface AwsEndpoint {
  /** `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** `http://localhost:8080`. */
  readonly siteUrl: string;
  /** The account administrator's, of this state folder only. */
  readonly credentials: AccessKey;
  readonly personalize: PersonalizeMount['personalize'];
  /** Calls an operation as the account's administrator. */
  call(service: string, operation: string, input: Shape): Promise<Shape>;
  /** The operations that a service has. */
  operations(service: string): readonly string[];
  /** Which grants were used and what was denied, up to now. */
  permissions(): DecisionReport;
  close(): Promise<void>;
}

class Account {
  private readonly regions: Regions;
  readonly credentials: CredentialStore;
  private readonly directory: IamDirectory;
  readonly decisions: DecisionLog;
  private readonly authorizer: Authorizer;

  constructor(
    private readonly props: AwsEndpointProps,
    private readonly endpoint: string,
    private readonly siteHost: string,
    private readonly store: Store,
  ) {
    const { accountId, region, clock, stateDir } = props;
    const now = () => clock.now();
    this.directory = new IamDirectory(store);
    this.decisions = new DecisionLog(store, props.log);
    this.authorizer = new Authorizer({ directory: this.directory, decisions: this.decisions, region, now });
    this.credentials = new CredentialStore({
      accountId,
      administrator: administratorKey(stateDir),
      directory: this.directory,
      decisions: this.decisions,
      now,
    });
    this.regions = new Regions({
      services: SERVICES,
      home: region,
      store,
      stateDir,
      make: (service, at) => service.create(this.context(service.id, at), this.host()),
      prepare: (name) => this.bootstrap(name),
    });
  }

  /** Makes the services; returns Amazon Personalize, which the process talks to directly as well. */
  async open(): Promise<PersonalizeMount> {
    await this.regions.openAll();
    return this.regions.find('personalize') as PersonalizeMount;
  }

  /** Lets the services begin, when all are there and can be called. */
  start(): Promise<void> {
    return this.regions.start();
  }

  /** Of the region that the endpoint is started with. */
  get(id: string): AwsService | undefined {
    return this.regions.find(id);
  }

  serviceIn(id: string, region: string | undefined): Promise<AwsService | undefined> {
    return this.regions.serviceIn(id, region);
  }

  callAsAdministrator(id: string, operation: string, input: Shape, region?: string): Promise<Shape> {
    const service = this.regions.find(id, region);
    if (!service) throw new AwsError('UnknownService', `There is no service '${id}' on this endpoint.`, 400);
    return service.call(operation, input, this.credentials.bootstrapUser);
  }

  /** Ends what calls the other services by itself, while they still answer: what it was told counts, what fails is no failure. */
  async rest(): Promise<void> {
    await closeAll(this.regions.take('states'));
  }

  async close(): Promise<void> {
    // Operations of CloudFormation call the other services, so they end first.
    await closeAll(this.regions.take('cloudformation'));
    const iam = this.regions.take('iam');
    await closeAll(this.regions.all());
    await closeAll(iam);
    this.decisions.close();
    await this.store.close();
  }

  private host(): Host {
    const { credentials, directory } = this;
    const { personalizeClock, faults, retiredRecipes } = this.props;
    return { credentials, directory, personalizeClock, faults, retiredRecipes, providerFor };
  }

  /** What `cdk bootstrap` leaves in a region. */
  private async bootstrap(region: string): Promise<void> {
    const { accountId } = this.props;
    addBootstrapRoles(this.directory, accountId, region);
    const Bucket = stagingBucketName(accountId, region);
    const { Buckets } = await this.callAsAdministrator('s3', 'ListBuckets', {});
    if ((Buckets as readonly { Name: string }[]).some(({ Name }) => Name === Bucket)) return;
    const LocationConstraint = region === 'us-east-1' ? undefined : region;
    const CreateBucketConfiguration = LocationConstraint && { LocationConstraint };
    await this.callAsAdministrator('s3', 'CreateBucket', { Bucket, CreateBucketConfiguration }, region);
  }

  private context(id: string, region: Region): ServiceContext {
    const { accountId, log, statesClock } = this.props;
    const clock = id === 'states' && statesClock ? statesClock : this.props.clock;
    const stateDir = join(region.stateDir, id);
    mkdirSync(stateDir, { recursive: true });
    const { credentials, regions } = this;
    return {
      region: region.name,
      accountId,
      store: region.store,
      stateDir,
      endpoint: this.endpoint,
      siteHost: this.siteHost,
      apiHost: `${region.apiHost}:${new URL(this.endpoint).port}`,
      clock,
      authorize: this.authorizer.authorize,
      log: (line) => log(`${id}: ${line}`),
      ...connect(SERVICES, (other, at = region.name) => regions.find(other, at)),
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

async function closeAll(services: readonly AwsService[]): Promise<void> {
  await Promise.all(services.map((service) => service.close()));
}

/** The network's addresses, and what `localhost` may be besides. */
const EVERYWHERE = ['0.0.0.0', '::1'];

/** What a state folder had before folders were marked. */
const BEFORE_MARKS = ['cloudformation', 'iam', 's3'];

/** Starts the endpoint and the site's port. Rejects with FolderInUse, UnusableFolder, or EADDRINUSE when a port is taken. */
export async function createAwsEndpoint(props: AwsEndpointProps): Promise<AwsEndpoint> {
  const { stateDir, fresh } = props;
  const folder = StateFolder.open({ folder: stateDir, program: 'aws-local', before: BEFORE_MARKS, fresh });
  try {
    return await openIn(folder, props);
  } catch (error) {
    folder.close();
    throw error;
  }
}

async function openIn(folder: StateFolder, props: AwsEndpointProps): Promise<AwsEndpoint> {
  const holder: { account?: Account } = {};
  const { hosts = [], siteAddress } = props;
  const gateway = new Gateway({
    account: () => holder.account,
    services: SERVICES,
    accountId: props.accountId,
    now: () => props.clock.now(),
    log: props.log,
    hosts,
  });
  const site = new Door({
    hosts,
    addresses: siteAddress !== undefined,
    linkable: true,
    serve: (request, response) => {
      const cloudfront = holder.account?.get('cloudfront') as (AwsService & SiteServer) | undefined;
      if (cloudfront) cloudfront.serve(request, response);
      else response.writeHead(503, { 'retry-after': '1' }).end('The site is starting.\n');
    },
  });
  const awsPort = await gateway.listen(props.awsPort);
  const addresses = siteAddress === undefined ? LOOPBACK : EVERYWHERE;
  const sitePort = await site.listen(props.sitePort, addresses).catch(async (error: unknown) => {
    await gateway.close();
    throw error;
  });
  const closePorts = async () => {
    await gateway.close();
    await site.close();
  };
  const endpoint = `http://127.0.0.1:${awsPort}`;
  const siteHost = `${siteAddress ?? 'localhost'}:${sitePort}`;
  try {
    if (props.fresh) folder.empty();
    const account = new Account(props, endpoint, siteHost, await openStore(props));
    const { personalize } = await account.open();
    holder.account = account;
    await account.start();
    return {
      endpoint,
      siteUrl: `http://${siteHost}`,
      credentials: account.credentials.administrator,
      personalize,
      call: (service, operation, input) => account.callAsAdministrator(service, operation, input),
      operations: (service) => account.get(service)?.operations ?? [],
      permissions: () => account.decisions.report(),
      async close() {
        await account.rest();
        await closePorts();
        await account.close();
        props.clock.stop();
        props.personalizeClock.stop();
        props.statesClock?.stop();
        folder.close();
      },
    };
  } catch (error) {
    await closePorts();
    throw error;
  }
}
