// The services of an account, by region. The region that the endpoint is started with has all of them; in another one, those that
// AWS has in each region apart are made when somebody asks for it first, with a state of their own, and are there from then on.
import { join } from 'node:path';
import type { Store, StoredMap } from '@emotion-gallery/local-kit/store';
import type { ServiceDeclaration } from './declaration';
import { AwsError, type AwsService } from './service';

type Services = Map<string, AwsService>;

/** What the services of one region are made with. */
export interface Region {
  readonly name: string;
  readonly store: Store;
  readonly stateDir: string;
  /** Where its HTTP APIs answer, before the port: `execute-api.localhost`. */
  readonly apiHost: string;
}

export interface RegionsProps {
  readonly services: readonly ServiceDeclaration[];
  /** The region that the endpoint is started with. */
  readonly home: string;
  readonly store: Store;
  readonly stateDir: string;
  readonly make: (service: ServiceDeclaration, region: Region) => Promise<AwsService> | AwsService;
  /** What an account has in each region before anybody makes anything. */
  readonly prepare: (region: string) => Promise<void>;
}

/** AWS's own rule, of its partition `aws`. */
const REGION = /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/;
export const isRegion = (name: string): boolean => REGION.test(name);

/** A store whose maps are those of one region. */
function storeOf(store: Store, region: string): Store {
  const named = (name: string) => `${region}:${name}`;
  return Object.create(store, {
    map: { value: (name: string, expiresAt?: never) => store.map(named(name), expiresAt) },
    handOver: { value: (name: string) => store.handOver(named(name)) },
  }) as Store;
}

export class Regions {
  private readonly open = new Map<string, Services>();
  private readonly opening = new Map<string, Promise<Services>>();
  /** The regions beside the first that were ever asked for. */
  private readonly known: StoredMap<true>;
  /** How a service that spans regions is called by those of another region. Its owner closes it. */
  private readonly borrowed = new WeakSet<AwsService>();
  private isStarted = false;

  constructor(private readonly props: RegionsProps) {
    this.known = props.store.map('regions');
  }

  /** Makes the services of the first region, and of those that have a state. */
  async openAll(): Promise<void> {
    await this.openRegion(this.props.home);
    for (const region of this.known.keys()) await this.openRegion(region);
  }

  /** Lets the services begin, when all are there and can be called. */
  async start(): Promise<void> {
    this.isStarted = true;
    for (const services of this.open.values())
      for (const service of services.values()) await service.start?.();
  }

  find(id: string, region = this.props.home): AwsService | undefined {
    return this.open.get(region)?.get(id);
  }

  /** The service, in a region that may be new. @throws SignatureDoesNotMatch for what is no region */
  async serviceIn(id: string, region = this.props.home): Promise<AwsService | undefined> {
    const declaration = this.props.services.find((service) => service.id === id);
    if (declaration?.spansRegions || declaration === undefined) return this.find(id);
    // One that is being opened has not got all of its services yet.
    const services = await (this.opening.get(region) ?? this.open.get(region) ?? this.openOnce(region));
    return services.get(id);
  }

  /** All services of a kind, of every region. */
  take(id: string): AwsService[] {
    const taken = new Set([...this.open.values()].flatMap((services) => services.get(id) ?? []));
    for (const services of this.open.values()) services.delete(id);
    return [...taken].filter((service) => !this.borrowed.has(service));
  }

  /** Those that are left. They find each other until all are closed. */
  all(): AwsService[] {
    const left = [...this.open.values()].flatMap((services) => [...services.values()]);
    return left.filter((service) => !this.borrowed.has(service));
  }

  private openOnce(region: string): Promise<Services> {
    if (!REGION.test(region)) {
      throw new AwsError(
        'SignatureDoesNotMatch',
        `Credential should be scoped to a valid region. '${region}' is none.`,
        403,
      );
    }
    const opening = this.openRegion(region).finally(() => this.opening.delete(region));
    this.opening.set(region, opening);
    return opening;
  }

  private async openRegion(name: string): Promise<Services> {
    const { services: declarations, home, store, stateDir, make, prepare } = this.props;
    const isHome = name === home;
    const region: Region = isHome
      ? { name, store, stateDir, apiHost: 'execute-api.localhost' }
      : {
          name,
          store: storeOf(store, name),
          stateDir: join(stateDir, 'regions', name),
          apiHost: `execute-api.${name}.localhost`,
        };
    const services: Services = new Map();
    // The services of a region find each other while they are made.
    this.open.set(name, services);
    try {
      for (const declaration of declarations) {
        const spanning = isHome || !declaration.spansRegions ? undefined : this.find(declaration.id);
        const service = spanning ? this.borrow(name, spanning) : await make(declaration, region);
        services.set(declaration.id, service);
      }
      if (!isHome) this.known.put(name, true);
      await prepare(name);
      if (this.isStarted) for (const service of services.values()) await service.start?.();
    } catch (error) {
      this.open.delete(name);
      const made = [...services.values()].filter((service) => !this.borrowed.has(service));
      await Promise.allSettled(made.map((service) => service.close()));
      throw error;
    }
    return services;
  }

  private borrow(region: string, service: AwsService): AwsService {
    const call: AwsService['call'] = (operation, input, principal) =>
      service.call(operation, input, principal, region);
    const borrowed = Object.create(service, { call: { value: call } }) as AwsService;
    this.borrowed.add(borrowed);
    return borrowed;
  }
}
