// The option that names one of the gallery's three datasets.
import { type Option, UserError, type Values } from './command';

const types = ['INTERACTIONS', 'ITEMS', 'USERS'] as const;
export type GalleryDataset = (typeof types)[number];

export const datasetOption: Option = {
  type: 'string',
  value: 'D',
  description: 'interactions, items or users (default interactions)',
};

/** @throws UserError when there is no such dataset */
export function datasetTypeOf(values: Values): GalleryDataset {
  const text = String(values.dataset ?? 'interactions');
  const type = types.find((one) => one === text.toUpperCase());
  if (!type) throw new UserError(`--dataset must be interactions, items or users, got ${text}`, true);
  return type;
}
