// Changes of a resource that goes on serving meanwhile: campaigns, datasets, recommenders and solutions. The record keeps the
// latest one, with a status of its own.
import { inUse } from '../protocol/errors';
import type {
  CampaignRecord,
  DatasetRecord,
  RecommenderRecord,
  RecordOf,
  SolutionRecord,
} from '../state/records';
import type { Context } from './context';
import { PENDING_MS } from './durations';
import type { Outcome, Steps } from './life-cycles';
import { isUnderWay, save } from './lookup';

const MEMBER = {
  campaign: 'latestCampaignUpdate',
  dataset: 'latestDatasetUpdate',
  recommender: 'latestRecommenderUpdate',
  solution: 'latestSolutionUpdate',
} as const;

type UpdatableKind = keyof typeof MEMBER;
type Updatable = RecordOf<UpdatableKind>;

interface Updates {
  readonly campaign: NonNullable<CampaignRecord['latestCampaignUpdate']>;
  readonly dataset: NonNullable<DatasetRecord['latestDatasetUpdate']>;
  readonly recommender: NonNullable<RecommenderRecord['latestRecommenderUpdate']>;
  readonly solution: NonNullable<SolutionRecord['latestSolutionUpdate']>;
}

const SHOWN = {
  'CREATE PENDING': 'UPDATE PENDING',
  'CREATE IN_PROGRESS': 'UPDATE IN_PROGRESS',
  ACTIVE: 'ACTIVE',
  'CREATE FAILED': 'ACTIVE',
} as const;

interface Stage {
  readonly status: keyof typeof SHOWN;
  readonly failureReason?: string;
}

function latest(record: Updatable): Updates[UpdatableKind] | undefined {
  if (record.kind === 'campaign') return record.latestCampaignUpdate;
  if (record.kind === 'dataset') return record.latestDatasetUpdate;
  if (record.kind === 'recommender') return record.latestRecommenderUpdate;
  return record.latestSolutionUpdate;
}

/** The record's members with its update at another stage. */
function at<R extends Updatable>(context: Context, record: R, stage: Stage): Partial<R> {
  const update = { ...latest(record), ...stage, lastUpdatedDateTime: context.clock.now() };
  // A dataset, as recorded, shows its update in its own status too. The member belongs to the kind by the table above.
  const shown = record.kind === 'dataset' && { status: SHOWN[stage.status] };
  return { [MEMBER[record.kind]]: update, ...shown } as Partial<Updatable> as Partial<R>;
}

export interface UpdateWork<K extends UpdatableKind> {
  readonly afterMs: number;
  /** What the update makes of the record. Thrown errors fail the update; the resource serves as before. */
  readonly take: (
    record: RecordOf<K>,
    context: Context,
    signal: AbortSignal,
  ) => Promise<Partial<RecordOf<K>>> | Partial<RecordOf<K>>;
}

/** The steps of an update, for a life cycle whose phases are read by `phaseOf`. */
export function updating<K extends UpdatableKind>({ afterMs, take }: UpdateWork<K>): Steps<K> {
  return {
    'UPDATE CREATE PENDING': {
      afterMs: PENDING_MS,
      take: (record, context) =>
        at(context, record as RecordOf<K> & Updatable, { status: 'CREATE IN_PROGRESS' }),
    },
    'UPDATE CREATE IN_PROGRESS': {
      afterMs,
      take: async (record, context, signal): Promise<Outcome<K>> => ({
        ...(await take(record, context, signal)),
        ...at(context, record as RecordOf<K> & Updatable, { status: 'ACTIVE' }),
      }),
      failed: (record, failureReason, context) =>
        at(context, record as RecordOf<K> & Updatable, { status: 'CREATE FAILED', failureReason }),
    },
  };
}

/** The record's status, or `UPDATE` and that of an update which is under way. */
export function phaseOf(record: Updatable): string {
  const update = latest(record);
  const isUpdating = update && isUnderWay(update.status) && !record.status.startsWith('DELETE');
  return isUpdating ? `UPDATE ${update.status}` : record.status;
}

/** @throws PersonalizeError ResourceInUseException */
export function requireNoUpdate(record: Updatable): void {
  const update = latest(record);
  if (update && isUnderWay(update.status)) {
    throw inUse(`${record.arn} is being updated (${update.status}).`);
  }
}

/** `members` are those that the update is to bring. */
export function startUpdate<K extends UpdatableKind>(
  context: Context,
  record: Updatable & { readonly kind: K },
  members: Omit<Updates[K], 'status' | 'failureReason' | 'creationDateTime' | 'lastUpdatedDateTime'>,
): void {
  const updatable: Updatable = record;
  const now = context.clock.now();
  const update = { ...members, creationDateTime: now };
  const started = { ...updatable, [MEMBER[updatable.kind]]: update, lastUpdatedDateTime: now } as Updatable;
  save(context, { ...started, ...at(context, started, { status: 'CREATE PENDING' }) } as Updatable);
}
