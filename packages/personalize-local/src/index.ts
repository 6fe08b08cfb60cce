// Amazon Personalize on localhost: createPersonalize() makes the service, which answers decoded HTTP requests.

import { randomUUID } from 'node:crypto';
import { StateFolder } from '@emotion-gallery/local-kit/lock';
import { InvalidFilter, InvalidFilterValues } from '@emotion-gallery/personalize-rules/filters';
import { CONTROL_PLANE_RATE } from '@emotion-gallery/personalize-rules/limits';
import { InvalidData } from '@emotion-gallery/personalize-rules/schemas';
import { Lock } from './data/locks';
import { DropConnection, Faults } from './faults';
import { handlers, lifeCycles } from './operations';
import { Arns, regionOfArn } from './protocol/arns';
import { invalidInput, PersonalizeError } from './protocol/errors';
import { type Operation, operations } from './protocol/model';
import { permissionFor, requiredPermission } from './protocol/permissions';
import { validateInput } from './protocol/validate';
import {
  encodeOutput,
  errorResponse,
  operationOf,
  readBody,
  regionOf,
  serviceOf,
  successResponse,
} from './protocol/wire';
import { oldRecipes, recipes } from './recipes';
import type { Context } from './resources/context';
import { LifeCycles } from './resources/life-cycles';
import { Rates } from './resources/rates';
import { RecommendationSources } from './resources/recommendation-ids';
import { RegionalResources } from './resources/regional-resources';
import type {
  HttpRequest,
  HttpResponse,
  OperationInput,
  PersonalizeOptions,
  PersonalizeService,
} from './service';
import { OpenDatasetGroups } from './state/dataset-groups';
import { ModelStore } from './state/model-store';
import { ResourceStore } from './state/resource-store';
import { statusPage } from './status-page';

export { ManualClock, RealClock } from '@emotion-gallery/local-kit/clock';
export { PersonalizeError } from './protocol/errors';
export * from './service';

/** A folder of before folders were marked has it. */
const BEFORE_MARKS = ['models'];

/** Opens the state folder and takes up everything that was under way. @throws FolderInUse, UnusableFolder */
export async function createPersonalize(options: PersonalizeOptions): Promise<PersonalizeService> {
  const folder = StateFolder.open({
    folder: options.stateDir,
    program: 'personalize-local',
    before: BEFORE_MARKS,
  });
  try {
    return new Service(await openAccount(options), options, () => folder.close());
  } catch (error) {
    folder.close();
    throw error;
  }
}

/** What all regions share. */
interface Account extends Omit<Context, 'arns' | 'store' | 'rates' | 'lifeCycles'> {
  readonly resources: ResourceStore;
}

async function openAccount(options: PersonalizeOptions): Promise<Account> {
  const { stateDir, clock, quotas = true, retiredRecipes = false, log = () => undefined } = options;
  const resources = await ResourceStore.open(stateDir, clock, log);
  const groups = resources.all('dataset-group').filter(({ status }) => status !== 'CREATE PENDING');
  const modelFolders = [
    ...resources.all('solution-version').map(({ arn }) => ModelStore.folderOf(arn)),
    ...resources.all('recommender').flatMap(({ modelFolder }) => modelFolder ?? []),
  ];
  return {
    accountId: options.accountId,
    resources,
    clock,
    data: await OpenDatasetGroups.start(
      stateDir,
      groups.map(({ folder }) => folder),
      () => clock.now(),
      log,
    ),
    models: await ModelStore.start(stateDir, new Set(modelFolders)),
    objectStore: options.objectStore,
    recipes: retiredRecipes ? [...recipes, ...oldRecipes] : recipes,
    quotas,
    faults: new Faults(options.faults ?? []),
    trainings: new Lock(),
    recommendationSources: new RecommendationSources(),
    log,
    putMetric: options.putMetric ?? (() => undefined),
  };
}

class Service implements PersonalizeService {
  readonly operations = Object.keys(handlers);
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly contexts = new Map<string, Context>();
  private closing = false;

  constructor(
    private readonly account: Account,
    private readonly options: PersonalizeOptions,
    private readonly unlock: () => void,
  ) {
    const kept = lifeCycles.flatMap(({ kind }) => account.resources.all(kind).map(({ arn }) => arn));
    for (const region of new Set(kept.map(regionOfArn))) this.contextOf(region);
  }

  /** A region's resources, rates and life cycles. */
  private contextOf(region: string): Context {
    const known = this.contexts.get(region);
    if (known) return known;
    const { account, options } = this;
    const context: Context = {
      ...account,
      arns: new Arns(region, options.accountId),
      store: new RegionalResources(account.resources, region),
      rates: new Rates(account.clock, account.quotas),
      lifeCycles: new LifeCycles(account.clock, lifeCycles),
    };
    this.contexts.set(region, context);
    context.lifeCycles.resume(context);
    return context;
  }

  accepts(request: HttpRequest): boolean {
    return serviceOf(request) !== undefined;
  }

  requiredPermission(request: HttpRequest) {
    return permissionFor(request, this.options);
  }

  permissionOf(name: string, input: OperationInput, region = this.options.region) {
    const { accountId } = this.options;
    return requiredPermission(operationNamed(name), input, { accountId, region });
  }

  handle(request: HttpRequest): Promise<HttpResponse> {
    return this.tracked(this.answer(request));
  }

  call(name: string, input: OperationInput, region = this.options.region): Promise<Record<string, unknown>> {
    return this.tracked(
      this.logged(name, async () => {
        const operation = operationNamed(name);
        return encodeOutput(operation, await this.perform(operation, () => input, region));
      }),
    );
  }

  private tracked<T>(work: Promise<T>): Promise<T> {
    const tracked = work.finally(() => this.underWay.delete(tracked));
    this.underWay.add(tracked);
    return tracked;
  }

  /** One line for a call, with its error. */
  private async logged<T>(what: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const tell = (outcome: string) =>
      this.options.log?.(`${what} ${outcome} ${(performance.now() - startedAt).toFixed(1)} ms`);
    try {
      const result = await work();
      tell('done');
      return result;
    } catch (error) {
      tell(`${(error as Error).name}: ${(error as Error).message}`);
      throw error;
    }
  }

  private async answer(request: HttpRequest): Promise<HttpResponse> {
    const requestId = randomUUID();
    const startedAt = performance.now();
    const [response, operation, error] = await this.respond(request, requestId);
    if (this.options.log) {
      const ms = (performance.now() - startedAt).toFixed(1);
      const name = operation?.name ?? `${request.method} ${request.path}`;
      const problem = error ? ` ${error.code}: ${error.message}` : '';
      this.options.log(`${name} ${response.status} ${ms} ms${problem}`);
    }
    return response;
  }

  private async respond(
    request: HttpRequest,
    requestId: string,
  ): Promise<[HttpResponse, Operation?, PersonalizeError?]> {
    let operation: Operation | undefined;
    try {
      operation = operationOf(request);
      const region = regionOf(request) ?? this.options.region;
      const output = await this.perform(operation, () => readBody(request), region);
      return [successResponse(operation, output, requestId), operation];
    } catch (error) {
      // Status 0: whoever runs the HTTP server closes the connection without an answer.
      if (error instanceof DropConnection)
        return [{ status: 0, headers: {}, body: Buffer.alloc(0) }, operation];
      if (!(error instanceof PersonalizeError)) throw error;
      const service = operation?.service ?? serviceOf(request) ?? 'personalize';
      return [errorResponse(error, service, requestId), operation, error];
    }
  }

  /** @throws PersonalizeError, DropConnection */
  private async perform(operation: Operation, body: () => OperationInput, region: string): Promise<object> {
    try {
      if (this.closing) throw new PersonalizeError('InternalFailure', 'The service is shutting down.');
      await this.account.faults.apply(operation.name);
      return await this.run(operation, body(), this.contextOf(region));
    } catch (thrown) {
      if (thrown instanceof DropConnection) throw thrown;
      const error = asPersonalizeError(thrown);
      if (error !== thrown && error.code === 'InternalFailure') {
        this.account.log(`internal failure: ${(thrown as Error).stack ?? String(thrown)}`);
      }
      throw error;
    }
  }

  private async run(operation: Operation, body: OperationInput, context: Context): Promise<object> {
    if (operation.service === 'personalize') context.rates.take(operation.name, CONTROL_PLANE_RATE);
    const input = validateInput(operation, body);
    const handler = handlers[operation.name];
    if (!handler) throw new Error(`${operation.name} has no handler`);
    // The input was just checked against the operation's shape, from which the handler's type is generated too.
    const output = await handler(input as never, context);
    await context.store.flushed();
    return output;
  }

  setFaults(rules: readonly string[]): void {
    this.account.faults.set(rules);
  }

  async rest(): Promise<void> {
    await Promise.all([...this.contexts.values()].map(({ lifeCycles: running }) => running.rest()));
  }

  statusPage(): string {
    return statusPage([...this.contexts.values()]);
  }

  async close(): Promise<void> {
    this.closing = true;
    await Promise.allSettled(this.underWay);
    for (const { lifeCycles: running } of this.contexts.values()) await running.close();
    await this.account.data.close();
    await this.account.resources.close();
    this.unlock();
  }
}

/** @throws PersonalizeError UnknownOperationException */
function operationNamed(name: string): Operation {
  const operation = operations.get(name);
  if (operation) return operation;
  throw new PersonalizeError(
    'UnknownOperationException',
    `${name} is not an operation of Amazon Personalize`,
  );
}

function asPersonalizeError(thrown: unknown): PersonalizeError {
  if (thrown instanceof PersonalizeError) return thrown;
  const isInvalid = [InvalidData, InvalidFilter, InvalidFilterValues].some((type) => thrown instanceof type);
  if (isInvalid) return invalidInput((thrown as Error).message);
  return new PersonalizeError(
    'InternalFailure',
    'The request processing has failed because of an unknown error.',
  );
}
