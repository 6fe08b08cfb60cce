// The resources of one region. Regions share the account's store and know nothing of each other: the same name may be taken in
// each, and an ARN of another region names nothing.

import { regionOfArn } from '../protocol/arns';
import type { ResourceStore } from '../state/resource-store';

type Resources = Pick<ResourceStore, 'get' | 'find' | 'all' | 'sequence' | 'commit' | 'flushed'>;

export class RegionalResources implements Resources {
  constructor(
    private readonly account: ResourceStore,
    readonly region: string,
  ) {}

  private isHere = ({ arn }: { readonly arn: string }) => regionOfArn(arn) === this.region;

  get: Resources['get'] = (kind, arn) => (this.isHere({ arn }) ? this.account.get(kind, arn) : undefined);

  find: Resources['find'] = (arn) => (this.isHere({ arn }) ? this.account.find(arn) : undefined);

  all: Resources['all'] = (kind) => this.account.all(kind).filter(this.isHere);

  sequence = () => this.account.sequence();

  commit: Resources['commit'] = (change) => this.account.commit(change);

  flushed = () => this.account.flushed();
}
