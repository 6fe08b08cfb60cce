// Where a group's batch jobs read and write: what `data load` made, or what the person names.
import type { Clients } from '../clients';
import { type Options, UserError, type Values } from '../command';
import { both } from '../text';
import { type Place, readPlace } from './place';

export const placeOptions = {
  bucket: {
    type: 'string',
    value: 'B',
    description: both(
      'bucket for files (default the one that "data load" made)',
      '파일을 둘 버킷 (기본값: "data load"가 만든 것)',
    ),
  },
  role: {
    type: 'string',
    value: 'ARN',
    description: both(
      'role by which Amazon Personalize reads and writes it',
      'Amazon Personalize가 읽고 쓸 때 맡는 역할',
    ),
  },
} as const satisfies Options;

/** @throws UserError when only one is named, or none was made */
export async function placeOf(
  clients: Pick<Clients, 'cloudFormation' | 's3'>,
  group: string,
  { bucket, role }: Values,
): Promise<Place> {
  if (bucket === undefined && role === undefined) return readPlace(clients, group);
  if (bucket !== undefined && role !== undefined) return { bucket: String(bucket), roleArn: String(role) };
  throw new UserError(both('--bucket and --role go together', '--bucket과 --role은 함께 써야 합니다'), true);
}
