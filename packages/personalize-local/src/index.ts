// Amazon Personalize on localhost: createPersonalize() makes the service, which answers decoded HTTP requests.

import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { lockFolder } from '@emotion-gallery/local-kit/lock';
import { InvalidFilter, InvalidFilterValues } from '@emotion-gallery/personalize-rules/filters';
import { CONTROL_PLANE_RATE } from '@emotion-gallery/personalize-rules/limits';
import { InvalidData } from '@emotion-gallery/personalize-rules/schemas';
import { Lock } from './data/locks';
import { DropConnection, Faults } from './faults';
import { invalidInput, PersonalizeError } from './protocol/errors';
import type { Operation } from './protocol/model';
import { permissionFor } from './protocol/permissions';
import { validateInput } from './protocol/validate';
import { errorResponse, operationOf, readBody, serviceOf, successResponse } from './protocol/wire';
import { oldRecipes, recipes } from './recipes';
import { Arns } from './resources/arns';
import type { Context } from './resources/context';
import { LifeCycles } from './resources/life-cycles';
import { handlers, lifeCycles } from './resources/operations';
import { Rates } from './resources/rates';
import { RecommendationSources } from './runtime/recommendation-ids';
import type { HttpRequest, HttpResponse, PersonalizeOptions, PersonalizeService } from './service';
import { OpenDatasetGroups } from './state/dataset-groups';
import { ModelStore } from './state/model-store';
import { ResourceStore } from './state/resource-store';
import { statusPage } from './status-page';

export { ManualClock, RealClock } from '@emotion-gallery/local-kit/clock';
export * from './service';

/** Opens the state folder and takes up everything that was under way. @throws FolderInUse */
export async function createPersonalize(options: PersonalizeOptions): Promise<PersonalizeService> {
  await mkdir(options.stateDir, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(options.stateDir);
  try {
    const context = await openContext(options);
    context.lifeCycles.resume(context);
    return new Service(context, options, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function openContext(options: PersonalizeOptions): Promise<Context> {
  const { stateDir, clock, quotas = true, retiredRecipes = false, log = () => undefined } = options;
  const store = await ResourceStore.open(stateDir, clock, log);
  const groups = store.all('dataset-group').filter(({ status }) => status !== 'CREATE PENDING');
  const modelFolders = [
    ...store.all('solution-version').map(({ arn }) => ModelStore.folderOf(arn)),
    ...store.all('recommender').flatMap(({ modelFolder }) => modelFolder ?? []),
  ];
  return {
    accountId: options.accountId,
    store,
    clock,
    arns: new Arns(options.region, options.accountId),
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
    rates: new Rates(clock, quotas),
    faults: new Faults(options.faults ?? []),
    lifeCycles: new LifeCycles(clock, lifeCycles),
    trainings: new Lock(),
    recommendationSources: new RecommendationSources(),
    log,
    putMetric: options.putMetric ?? (() => undefined),
  };
}

class Service implements PersonalizeService {
  readonly operations = Object.keys(handlers);
  private readonly underWay = new Set<Promise<HttpResponse>>();
  private closing = false;

  constructor(
    private readonly context: Context,
    private readonly options: PersonalizeOptions,
    private readonly unlock: () => void,
  ) {}

  accepts(request: HttpRequest): boolean {
    return serviceOf(request) !== undefined;
  }

  requiredPermission(request: HttpRequest) {
    return permissionFor(request, this.options);
  }

  handle(request: HttpRequest): Promise<HttpResponse> {
    const answer = this.answer(request).finally(() => this.underWay.delete(answer));
    this.underWay.add(answer);
    return answer;
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
      if (this.closing) throw new PersonalizeError('InternalFailure', 'The service is shutting down.');
      await this.context.faults.apply(operation.name);
      return [successResponse(operation, await this.run(operation, request), requestId), operation];
    } catch (thrown) {
      // Status 0: whoever runs the HTTP server closes the connection without an answer.
      if (thrown instanceof DropConnection)
        return [{ status: 0, headers: {}, body: Buffer.alloc(0) }, operation];
      const error = asPersonalizeError(thrown);
      if (error !== thrown && error.code === 'InternalFailure') {
        this.context.log(`internal failure: ${(thrown as Error).stack ?? String(thrown)}`);
      }
      const service = operation?.service ?? serviceOf(request) ?? 'personalize';
      return [errorResponse(error, service, requestId), operation, error];
    }
  }

  private async run(operation: Operation, request: HttpRequest): Promise<object> {
    if (operation.service === 'personalize') this.context.rates.take(operation.name, CONTROL_PLANE_RATE);
    const input = validateInput(operation, readBody(request));
    const handler = handlers[operation.name];
    if (!handler) throw new Error(`${operation.name} has no handler`);
    // The input was just checked against the operation's schema, from which the handler's type comes too.
    const output = await handler(input as never, this.context);
    await this.context.store.flushed();
    return output;
  }

  setFaults(rules: readonly string[]): void {
    this.context.faults.set(rules);
  }

  statusPage(): string {
    return statusPage(this.context);
  }

  async close(): Promise<void> {
    this.closing = true;
    await Promise.allSettled(this.underWay);
    await this.context.lifeCycles.close();
    await this.context.data.close();
    await this.context.store.close();
    this.unlock();
  }
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
