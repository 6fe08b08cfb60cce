// What a table has beside its keys and indexes, which dynalite does not keep.
import { z } from 'zod';
import { TAG_LIST } from '../shared/operations';

export interface TableSettings {
  readonly deletionProtection: boolean;
  /** The attribute with the expiry in seconds since the epoch, while time to live is on. */
  readonly timeToLive?: string;
  readonly pointInTimeRecovery: boolean;
  readonly recoveryPeriodInDays: number;
  readonly tableClass: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly recoverySince?: number;
}

// Its other members are checked by dynalite's rules.
export const CREATE_SETTINGS = z.looseObject({
  TableName: z.string(),
  DeletionProtectionEnabled: z.boolean().default(false),
  TableClass: z.enum(['STANDARD', 'STANDARD_INFREQUENT_ACCESS']).default('STANDARD'),
  Tags: TAG_LIST.default([]),
  StreamSpecification: z
    .object({ StreamEnabled: z.literal(false, 'streams are not supported on localhost') })
    .optional(),
  SSESpecification: z
    .object({
      SSEEnabled: z.literal(false, 'customer managed keys are not supported on localhost').optional(),
    })
    .optional(),
});
