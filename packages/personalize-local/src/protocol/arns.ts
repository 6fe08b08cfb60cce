// ARN forms of all resources.
import { randomBytes } from 'node:crypto';

const SERVICE_OWNED = 'arn:aws:personalize:::';
const LATEST = '/$LATEST';

/** Builds the ARNs of one account and region. */
export class Arns {
  constructor(
    private readonly region: string,
    private readonly accountId: string,
  ) {}

  /** `type` is for example `dataset-group`, `id` the name or the path after it. */
  of(type: string, id: string): string {
    return `arn:aws:personalize:${this.region}:${this.accountId}:${type}/${id}`;
  }

  dataset(groupName: string, datasetType: string): string {
    return this.of('dataset', `${groupName}/${datasetType}`);
  }

  /** A version's id cannot be derived from anything. */
  newSolutionVersion(solutionArn: string): string {
    return `${solutionArn}/${eightHex()}`;
  }

  newEventTracker(): string {
    return this.of('event-tracker', eightHex());
  }
}

export function eightHex(): string {
  return randomBytes(4).toString('hex');
}

export const algorithmArn = (name: string) => `${SERVICE_OWNED}algorithm/${name}`;
export const featureTransformationArn = (name: string) => `${SERVICE_OWNED}feature-transformation/${name}`;

/** What follows the type in a service-owned ARN of that type; undefined for any other ARN. */
export function serviceOwnedName(arn: string, type: string): string | undefined {
  const prefix = `${SERVICE_OWNED}${type}/`;
  return arn.startsWith(prefix) ? arn.slice(prefix.length) : undefined;
}

/** Empty for what the service owns. */
export const regionOfArn = (arn: string): string => arn.split(':', 4)[3] ?? '';

/** The solution of a `<solution ARN>/$LATEST`; undefined for any other ARN. */
export function solutionOfLatest(arn: string): string | undefined {
  return arn.endsWith(LATEST) ? arn.slice(0, -LATEST.length) : undefined;
}
