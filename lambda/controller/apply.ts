// Does one action by one call that is safe to repeat, and tells what its failure means.
import type { Action } from './actions';
import { errorName, listAll, type PersonalizeApi } from './api';

export type Outcome =
  /** Done now, or already by a call before. */
  | { readonly kind: 'done' }
  /** By a call before; or the name belongs to something that is not of this group: then it is never seen. */
  | { readonly kind: 'exists'; readonly error: string; readonly reason: string }
  /** An UPDATE training that had nothing to bring in: the version that there is will do. */
  | { readonly kind: 'nothing new'; readonly error: string; readonly reason: string }
  /** Passes by itself: throttling, a fault of the service, something that is being changed. */
  | { readonly kind: 'transient' | 'refused'; readonly error: string; readonly reason: string };

export async function apply(api: PersonalizeApi, action: Action): Promise<Outcome> {
  if (!action.call) throw new Error(`${action.id} cannot be done yet`);
  try {
    await api.call(action.call.operation, action.call.input);
    return { kind: 'done' };
  } catch (error) {
    return explain(api, action, error);
  }
}

/** Many kinds may be made at a time, and no more: that passes. Other quotas are hard: they are full until somebody deletes something. */
const PASSING_QUOTAS = ['import job', 'solution version', 'batch inference job', 'batch segment job'];

/** What AWS's own pipeline tells of (Maintaining Personalized Experiences with Machine Learning, "Training Mode"). */
const NOTHING_NEW = /should be updates to at least one dataset/i;

async function explain(api: PersonalizeApi, action: Action, error: unknown): Promise<Outcome> {
  const name = errorName(error);
  const reason = error instanceof Error ? error.message : String(error);
  const isNew = ['create', 'train', 'import', 'run'].includes(action.verb);
  if (name === 'ResourceAlreadyExistsException' && isNew) return { kind: 'exists', error: name, reason };
  if (name === 'ResourceNotFoundException' && ['delete', 'stop'].includes(action.verb))
    return { kind: 'done' };
  if (action.verb === 'train' && NOTHING_NEW.test(reason))
    return { kind: 'nothing new', error: name, reason };
  if (name === 'LimitExceededException') {
    if (PASSING_QUOTAS.includes(action.resource.kind)) return { kind: 'transient', error: name, reason };
    return { kind: 'refused', error: name, reason: `${reason}${await whatFills(api, action)}` };
  }
  return { kind: isTransient(error) ? 'transient' : 'refused', error: name, reason };
}

const TRANSIENT =
  /Throttl|TooManyRequests|InUse|NotFound|Unavailable|Internal|Timeout|Network|ECONN|EPIPE|ENOTFOUND/i;

/** What the client itself could not send or read has no metadata. */
export function isTransient(error: unknown): boolean {
  const { $fault, $metadata, code } = error as {
    $fault?: string;
    $metadata?: { httpStatusCode?: number };
    code?: string;
  };
  if ($fault === 'server' || ($metadata?.httpStatusCode ?? 0) >= 500) return true;
  return TRANSIENT.test(`${errorName(error)} ${code ?? ''}`);
}

/** The names of what takes the places, for quotas of the account. */
async function whatFills(api: PersonalizeApi, { resource }: Action): Promise<string> {
  const lists: Partial<Record<string, readonly [string, string]>> = {
    'dataset group': ['ListDatasetGroups', 'datasetGroups'],
    schema: ['ListSchemas', 'schemas'],
    campaign: ['ListCampaigns', 'campaigns'],
  };
  const list = lists[resource.kind];
  if (!list) return '';
  const names = (await listAll<{ name?: string }>(api, ...list)).map(({ name }) => name);
  return ` It is filled by: ${names.join(', ')}.`;
}
