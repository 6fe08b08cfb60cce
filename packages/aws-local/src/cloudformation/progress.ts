// How an operation on a stack goes: its status, the events that tell it, and why it failed.
import { UnresolvedReference } from './intrinsics';
import { reasonOf } from './provider';
import type { Provisioner } from './provisioner';
import type { StackRecord, StackStatus } from './stack';
import type { StackStore } from './store';

export interface ProgressProps {
  readonly store: StackStore;
  readonly provisioner: Provisioner;
  readonly log: (line: string) => void;
}

export class Progress {
  constructor(private readonly props: ProgressProps) {}

  setStatus(stackId: string, status: StackStatus, reason?: string): StackRecord {
    const stack = this.props.store.change(stackId, { status, statusReason: reason });
    const record = { logicalId: stack.name, type: 'AWS::CloudFormation::Stack', physicalId: stack.id };
    this.props.provisioner.announce(stack, record, status, reason);
    return stack;
  }

  /** As CloudFormation words it: which resources failed. */
  failureReason(stackId: string, error: unknown, status?: string): string {
    const failed = this.props.store
      .resources(stackId)
      .filter((resource) => (status ? resource.status === status : resource.status.endsWith('_FAILED')))
      .map(({ logicalId }) => logicalId);
    return failed.length > 0
      ? `The following resource(s) failed: [${failed.join(', ')}]. ${reasonOf(error)}`
      : reasonOf(error);
  }

  logFailure(stack: StackRecord, error: unknown): void {
    const detail =
      error instanceof UnresolvedReference || !(error instanceof Error) ? reasonOf(error) : error.message;
    this.props.log(`${stack.name}: ${detail}`);
  }
}
