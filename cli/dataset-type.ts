// The option that names a dataset by its type.
import { type Option, UserError, type Values } from './command';

const types = ['INTERACTIONS', 'ITEMS', 'USERS', 'ACTIONS', 'ACTION_INTERACTIONS'] as const;

export const datasetOption: Option = {
  type: 'string',
  value: 'D',
  description: 'interactions, items, users, actions or action_interactions (default interactions)',
};

/** @throws UserError when there is no such dataset */
export function datasetTypeOf(values: Values): (typeof types)[number] {
  const text = String(values.dataset ?? 'interactions');
  const type = types.find((one) => one === text.toUpperCase());
  if (!type) throw new UserError(`--dataset must be ${types.join(', ').toLowerCase()}, got ${text}`, true);
  return type;
}
