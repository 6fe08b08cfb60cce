// A service of the local AWS as one declaration. The gateway's routes, the format of errors, CloudFormation's types, Step Functions'
// tasks, and what rules, schedules and topics can send to are derived from it.
import type { Clock } from '@emotion-gallery/local-kit/clock';
import type { ResourceProvider } from './cloudformation/provider';
import type { CredentialStore } from './iam/credentials';
import type { IamDirectory } from './iam/directory';
import type { AwsRequest, AwsService, ServiceContext, TargetMessage } from './service';

/** How requests and errors travel. Requests with an X-Amz-Target header are AWS JSON, whatever else a service speaks. */
export type Protocol = 'json' | 'query' | 'rest-json' | 'rest-xml' | 's3';

/** What the account has that some services are made with. */
export interface Host {
  readonly credentials: CredentialStore;
  readonly directory: IamDirectory;
  /** The time of Amazon Personalize's life cycles. */
  readonly personalizeClock: Clock;
  /** Fault rules of Amazon Personalize. */
  readonly faults?: readonly string[];
  /** Amazon Personalize has the recipes that AWS has retired. */
  readonly retiredRecipes?: boolean;
  /** All CloudFormation types of all services. */
  readonly providerFor: (type: string) => ResourceProvider | undefined;
}

export interface ServiceDeclaration {
  /** The signing name, which is the service's id here. */
  readonly id: string;
  /** As AWS calls it. */
  readonly title: string;
  /** Further names that requests for it are signed with. */
  readonly alsoSignedAs?: readonly string[];
  readonly protocol: Protocol;
  /** Of a service that changed from the query protocol to JSON: what errors were called before, by which SDKs still know them. */
  readonly queryErrors?: Readonly<Record<string, readonly [code: string, status: number]>>;
  /** Whether a request brings bytes that go to the disk as they come, and are never in memory as a whole. */
  readonly isUpload?: (request: Pick<AwsRequest, 'method' | 'path' | 'query' | 'headers'>) => boolean;
  /** What X-Amz-Target begins with. */
  readonly targetPrefix?: string;
  /** Its names in the resource ARNs of Step Functions' tasks, and the prefix that its errors have there. */
  readonly tasks?: Readonly<Record<string, string>>;
  /** Providers of its CloudFormation types. */
  readonly resources?: Readonly<Record<string, ResourceProvider>>;
  /** Takes a message for one of its resources, as a target of rules, schedules, topics and redrives. */
  readonly target?: (service: AwsService, message: TargetMessage) => Promise<unknown>;
  /** One for all regions: AWS has one too, or it keeps them apart by itself. @default - one in each region */
  readonly spansRegions?: true;
  readonly create: (context: ServiceContext, host: Host) => Promise<AwsService> | AwsService;
  /** Where it is known to do otherwise than AWS, one sentence each, for the README. */
  readonly differences?: readonly string[];
}
