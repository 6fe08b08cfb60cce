// Where a group's batch jobs read and write: what `data load` made, or what the person names.
import type { Clients } from '../clients';
import { type Options, UserError, type Values } from '../command';
import { type Place, readPlace } from './place';

export const placeOptions = {
  bucket: {
    type: 'string',
    value: 'B',
    description: 'bucket for files (default the one that "data load" made)',
  },
  role: { type: 'string', value: 'ARN', description: 'role by which Amazon Personalize reads and writes it' },
} as const satisfies Options;

/** @throws UserError when only one is named, or none was made */
export async function placeOf(
  clients: Pick<Clients, 'cloudFormation' | 's3'>,
  group: string,
  { bucket, role }: Values,
): Promise<Place> {
  if (bucket === undefined && role === undefined) return readPlace(clients, group);
  if (bucket !== undefined && role !== undefined) return { bucket: String(bucket), roleArn: String(role) };
  throw new UserError('--bucket and --role go together', true);
}
