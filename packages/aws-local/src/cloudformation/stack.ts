// What is kept of a stack: the stack itself, its resources, its events and its change sets.
import type { Shape } from '../service';

export type StackStatus =
  | 'REVIEW_IN_PROGRESS'
  | 'CREATE_IN_PROGRESS'
  | 'CREATE_COMPLETE'
  | 'CREATE_FAILED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_COMPLETE'
  | 'ROLLBACK_FAILED'
  | 'UPDATE_IN_PROGRESS'
  | 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'UPDATE_COMPLETE'
  | 'UPDATE_FAILED'
  | 'UPDATE_ROLLBACK_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_COMPLETE'
  | 'UPDATE_ROLLBACK_FAILED'
  | 'DELETE_IN_PROGRESS'
  | 'DELETE_COMPLETE'
  | 'DELETE_FAILED';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

/** A template with the values it is deployed with; what a rollback goes back to. */
export interface StackSource {
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Of parameters that name SSM's: the values that those had. */
  readonly ssmValues?: Readonly<Record<string, string>>;
  readonly tags: readonly Tag[];
  readonly capabilities: readonly string[];
  readonly roleArn?: string;
}

/** A resource that is no longer part of the stack and is deleted when the operation ends. */
export interface Leftover {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly dependencies: readonly string[];
}

export interface StackRecord extends StackSource {
  readonly id: string;
  readonly name: string;
  readonly status: StackStatus;
  readonly statusReason?: string;
  readonly createdAt: number;
  readonly updatedAt?: number;
  readonly deletedAt?: number;
  /** Of the change set that the last operation carried out, if it was one. */
  readonly changeSetId?: string;
  readonly terminationProtection: boolean;
  readonly disableRollback: boolean;
  readonly outputs: readonly StackOutput[];
  /** Names of the exports that the last successful operation imported. */
  readonly imports?: readonly string[];
  /** During an update and its rollback: what the stack was before. */
  readonly previous?: StackSource & {
    readonly resources: readonly ResourceRecord[];
    readonly outputs: readonly StackOutput[];
    readonly imports?: readonly string[];
  };
  /** Resources to delete when the operation has succeeded or rolled back; kept so that a crash does not forget them. */
  readonly leftovers: readonly Leftover[];
  /** Logical ids that ContinueUpdateRollback was told to skip, or DeleteStack to retain. */
  readonly skipped?: readonly string[];
  /** The stack is deleted whatever cannot be (FORCE_DELETE_STACK). */
  readonly leavesUndeletable?: boolean;
}

export interface Attempt {
  /** Unique to the operation. */
  readonly token: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** The physical id of what was there before. */
  readonly before?: string;
  /** It changes the resource in place, as far as that is up to CloudFormation. */
  readonly isUpdate?: true;
}

export interface ResourceRecord {
  readonly stackId: string;
  readonly logicalId: string;
  readonly type: string;
  /** What Ref gives; absent until creation has begun. */
  readonly physicalId?: string;
  /** An operation that has begun and not ended, written down before it: what it makes is found by it if the process dies. */
  readonly attempt?: Attempt;
  /** As last applied, with every intrinsic resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Those of the stack and its own, as last put on it; absent where its type has none, or an older version made it. */
  readonly tags?: readonly Tag[];
  readonly status: string;
  readonly statusReason?: string;
  readonly updatedAt: number;
  readonly deletionPolicy: string;
  readonly updateReplacePolicy: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Logical ids that must outlive this resource. */
  readonly dependencies: readonly string[];
}

export interface StackEvent {
  readonly id: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  /** The resource's, as JSON. */
  readonly properties?: string;
  readonly time: number;
  readonly token?: string;
}

export interface ChangeSetRecord extends StackSource {
  readonly id: string;
  readonly name: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly kind: 'CREATE' | 'UPDATE';
  readonly status: 'CREATE_COMPLETE' | 'FAILED';
  readonly statusReason?: string;
  readonly executionStatus: 'AVAILABLE' | 'UNAVAILABLE' | 'EXECUTE_COMPLETE' | 'OBSOLETE';
  readonly description?: string;
  readonly disableRollback?: boolean;
  readonly createdAt: number;
  /** `Changes` as DescribeChangeSet answers them. */
  readonly changes: readonly Shape[];
}

export const isInProgress = (status: StackStatus): boolean =>
  status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS';

/** A stack that exists, with a template deployed at least once. */
export const isAlive = (status: StackStatus): boolean => status !== 'DELETE_COMPLETE';
