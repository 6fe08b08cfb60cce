// The CloudFormation engine: stacks, their store, and the operations on them, for the API and for the restart.
import { randomUUID } from 'node:crypto';
import { withinGrace } from '../closing-grace';
import { AwsError, type AwsService, type Principal, type ServiceContext } from '../service';
import { CustomResourceResponses, type Presign } from './custom-resource-responses';
import { StackOperations } from './operations';
import type { ProviderContext, ResourceProvider } from './provider';
import { type ContextFactory, Provisioner } from './provisioner';
import { whileThrottled } from './retries';
import type { Account } from './scope';
import {
  type ChangeSetRecord,
  isInProgress,
  type StackRecord,
  type StackSource,
  type StackStatus,
} from './stack';
import { StackStore } from './store';
import { type Template, typesServedBy, validationError } from './template';

export interface EngineProps {
  readonly context: ServiceContext;
  /** Acts for stacks without a role of their own, and for CloudFormation itself. */
  readonly bootstrapUser: Principal;
  readonly presign: Presign;
  readonly providerFor: (type: string) => ResourceProvider | undefined;
}

const EMPTY_SOURCE: StackSource = { template: '', parameters: {}, tags: [], capabilities: [] };

export class Engine {
  readonly store: StackStore;
  readonly account: Account;
  private readonly operations: StackOperations;
  private readonly responses: CustomResourceResponses;
  private readonly running = new Set<Promise<void>>();
  private isClosing = false;

  constructor(private readonly props: EngineProps) {
    const { context, bootstrapUser } = props;
    this.store = new StackStore(context.store);
    this.account = { accountId: context.accountId, region: context.region };
    this.responses = new CustomResourceResponses(context, bootstrapUser, props.presign);
    const now = () => context.clock.now();
    this.operations = new StackOperations({
      store: this.store,
      provisioner: new Provisioner({
        store: this.store,
        providerFor: props.providerFor,
        contextFor: (stack, principal, resource) => this.providerContext(stack, principal, resource),
        now,
      }),
      account: this.account,
      addresses: context,
      readSsm: this.readSsm,
      principalOf: (stack) => this.principalOf(stack),
      now,
      log: context.log,
    });
  }

  /** Takes up the operations in which an earlier process died, and brings addresses up to date; resolves when what rests is. */
  async resume(): Promise<void> {
    for (const stack of this.store.all().filter(({ status }) => status !== 'DELETE_COMPLETE')) {
      const refresh = () => this.operations.refreshAddresses(stack.id, this.props.bootstrapUser);
      if (isInProgress(stack.status)) this.run(this.operations.resume(stack).then(refresh));
      else await this.run(refresh());
    }
  }

  readonly readSsm = async (name: string): Promise<string> => {
    const ssm = this.props.context.service<AwsService>('ssm');
    const output = await ssm.call('GetParameter', { Name: name }, this.props.bootstrapUser);
    return String((output.Parameter as { Value?: unknown }).Value);
  };

  readonly canUpdate = (type: string): boolean => this.props.providerFor(type)?.update !== undefined;

  /** Throws ValidationError for a resource type without a provider. */
  checkTypes(template: Template): void {
    const types = new Set(Object.values(template.Resources).map(({ Type }) => Type));
    const unknown = [...types].filter((type) => !this.props.providerFor(type));
    if (unknown.length > 0) {
      throw validationError(
        `Template format error: resource types not supported on localhost: [${unknown.join(', ')}]`,
      );
    }
  }

  /** Throws ValidationError while another operation runs, or when the stack cannot be updated in its state. */
  checkIdle(stack: StackRecord): void {
    const { status, id } = stack;
    const cannot =
      isInProgress(status) ||
      [
        'ROLLBACK_COMPLETE',
        'ROLLBACK_FAILED',
        'DELETE_FAILED',
        'CREATE_FAILED',
        'UPDATE_ROLLBACK_FAILED',
      ].includes(status);
    if (cannot) throw validationError(`Stack:${id} is in ${status} state and can not be updated.`);
  }

  newStack(name: string, status: StackStatus): StackRecord {
    const { accountId, region } = this.account;
    return {
      ...EMPTY_SOURCE,
      id: `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/${randomUUID()}`,
      name,
      status,
      createdAt: this.props.context.clock.now(),
      terminationProtection: false,
      disableRollback: false,
      outputs: [],
      leftovers: [],
    };
  }

  /** Tells that a stack is there, of which nothing is made before its change set is carried out. */
  review(stack: StackRecord): void {
    this.operations.review(stack.id);
  }

  execute(changeSet: ChangeSetRecord, disableRollback: boolean): void {
    const stack = this.store.get(changeSet.stackId);
    if (stack.status !== 'REVIEW_IN_PROGRESS') this.checkIdle(stack);
    for (const other of this.store.changeSetsOf(stack.id)) {
      if (other.executionStatus === 'EXECUTE_COMPLETE') this.store.removeChangeSet(other.id);
      else this.store.putChangeSet({ ...other, executionStatus: 'OBSOLETE' });
    }
    this.store.putChangeSet({ ...changeSet, executionStatus: 'EXECUTE_COMPLETE' });
    const { template, parameters, ssmValues, tags, capabilities, roleArn } = changeSet;
    const source = { template, parameters, ssmValues, tags, capabilities, roleArn };
    this.deploy(stack, source, disableRollback, changeSet.id);
  }

  /** Starts the creation or the update; what it does is seen in the stack's status and events. */
  deploy(stack: StackRecord, source: StackSource, disableRollback: boolean, changeSetId?: string): void {
    const isNew = stack.template === '';
    const { template, parameters, ssmValues, tags, capabilities, roleArn, outputs, imports } = stack;
    const resources = this.store.resources(stack.id);
    const before = { template, parameters, ssmValues, tags, capabilities, roleArn };
    const current = { ...before, outputs, imports, resources };
    // What is gone back to is the last state that an operation ended in, not where an update failed.
    const previous = stack.status === 'UPDATE_FAILED' ? stack.previous : current;
    this.store.put({
      ...stack,
      ...source,
      ssmValues: source.ssmValues,
      // An update that names none keeps those of before.
      capabilities: source.capabilities.length > 0 ? source.capabilities : capabilities,
      // In this state from the first answer on: the CDK CLI must not see the old one.
      status: isNew ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS',
      statusReason: undefined,
      disableRollback,
      changeSetId,
      updatedAt: isNew && changeSetId === undefined ? undefined : this.props.context.clock.now(),
      previous: isNew ? undefined : previous,
    });
    this.run(isNew ? this.operations.create(stack.id) : this.operations.update(stack.id));
  }

  /** Only where a deletion has failed before may resources be `retained`, or what cannot be deleted be left (`forced`). */
  delete(
    stack: StackRecord,
    {
      retained = [],
      forced = false,
    }: { readonly retained?: readonly string[]; readonly forced?: boolean } = {},
  ): void {
    if ((retained.length > 0 || forced) && stack.status !== 'DELETE_FAILED') {
      throw validationError(
        `Invalid operation on stack [${stack.id}]. ${
          forced ? 'FORCE_DELETE_STACK can be used' : 'Resources can be retained'
        } only when the stack is in the DELETE_FAILED state.`,
      );
    }
    if (stack.terminationProtection) {
      throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
    }
    if (stack.status === 'DELETE_IN_PROGRESS' || stack.status === 'DELETE_COMPLETE') return;
    if (isInProgress(stack.status)) {
      this.deleteAfterwards(stack);
      return;
    }
    this.store.change(stack.id, {
      status: 'DELETE_IN_PROGRESS',
      skipped: retained,
      leavesUndeletable: forced,
    });
    this.run(this.operations.delete(stack.id));
  }

  /** What runs is cut short where it waits for a function, and what it has made is deleted when it has ended. */
  private deleteAfterwards(stack: StackRecord): void {
    this.responses.abandon(stack.name, 'The stack is being deleted.');
    const ended = this.store.ended(stack.id).then(() => {
      const now = this.store.get(stack.id);
      if (!this.isClosing && now.status !== 'DELETE_COMPLETE') this.delete(now);
    });
    this.run(ended);
  }

  /** Goes back from where a creation or an update failed and was left (DisableRollback). */
  rollback(stack: StackRecord): void {
    if (stack.status === 'CREATE_FAILED') {
      this.store.change(stack.id, { status: 'ROLLBACK_IN_PROGRESS' });
      this.run(this.operations.backFromCreate(stack.id));
    } else if (stack.status === 'UPDATE_FAILED') {
      this.store.change(stack.id, { status: 'UPDATE_ROLLBACK_IN_PROGRESS' });
      this.run(this.operations.backFromUpdate(stack.id));
    } else {
      throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be rolled back.`);
    }
  }

  continueUpdateRollback(stack: StackRecord, skipped: readonly string[]): void {
    if (stack.status !== 'UPDATE_ROLLBACK_FAILED') {
      throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be rolled back.`);
    }
    this.store.change(stack.id, { status: 'UPDATE_ROLLBACK_IN_PROGRESS', skipped });
    this.run(this.operations.backFromUpdate(stack.id));
  }

  /** Gives operations a moment to end; what is still under way then is taken up at the next start, as after a crash. */
  async close(): Promise<void> {
    this.isClosing = true;
    await withinGrace(Promise.all(this.running));
  }

  /** Resolves when the operation has ended, however it ended. */
  private run(operation: Promise<void>): Promise<void> {
    const tracked = operation
      .catch((error: unknown) => {
        // Without a store an operation cannot go on; its last written step is where the next start goes on.
        if (!this.isClosing) this.props.context.log(`operation failed: ${String(error)}`);
      })
      .finally(() => this.running.delete(tracked));
    this.running.add(tracked);
    return tracked;
  }

  private principalOf(stack: StackRecord): Principal {
    if (stack.roleArn === undefined) return this.props.bootstrapUser;
    return this.props.context.assumeRole(stack.roleArn, 'AWSCloudFormation', 'cloudformation.amazonaws.com');
  }

  private providerContext(
    stack: StackRecord,
    principal: Principal,
    resource: Parameters<ContextFactory>[2],
  ): ProviderContext {
    const { context, providerFor } = this.props;
    const callAs: ProviderContext['callAs'] = (caller, service, operation, input) => {
      const target = context.service<AwsService>(service);
      if (!target)
        throw new AwsError('UnknownService', `There is no service ${service} on this endpoint.`, 400);
      return whileThrottled(() => target.call(operation, input, caller));
    };
    return {
      accountId: context.accountId,
      region: context.region,
      stackId: stack.id,
      stackName: stack.name,
      ...resource,
      get isDoneHere() {
        const types = typesServedBy(stack.template, resource.logicalId);
        return types.length > 0 && !types.some((type) => providerFor(type)?.runsFunction);
      },
      call: (service, operation, input) => callAs(principal, service, operation, input),
      assumeRole: context.assumeRole,
      callAs,
      customResourceResponse: (timeoutMs) =>
        this.responses.open(`${stack.name}/${resource.logicalId}/${resource.token}`, timeoutMs),
      log: context.log,
    };
  }
}
