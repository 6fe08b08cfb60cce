// Which dataset a file is for, by its header.
import { DATASET_RULES, type DatasetType } from '@emotion-gallery/personalize-rules/schemas';
import { UserError } from '../command';
import { both } from '../text';

export const KINDS = ['INTERACTIONS', 'ITEMS', 'USERS'] as const;
export type Kind = (typeof KINDS)[number];

/** `interactions`, as files and options call it. */
export const kindName = (kind: Kind): string => kind.toLowerCase();

/** @throws UserError for a file that is for none of the three */
export function kindOf(file: string, header: readonly string[]): Kind {
  const has = (name: string) => header.includes(name);
  if (has('USER_ID') && has('ITEM_ID')) {
    if (has('TIMESTAMP')) return 'INTERACTIONS';
    throw new UserError(
      both(
        `${file}, line 1: interactions need a column TIMESTAMP (seconds since 1970)`,
        `${file}, 1행: 상호작용에는 TIMESTAMP 열(1970년부터의 초)이 필요합니다`,
      ),
    );
  }
  if (has('ITEM_ID')) return 'ITEMS';
  if (has('USER_ID')) return 'USERS';
  throw new UserError(
    both(
      `${file}, line 1: the header has ${header.join(', ')}; interactions have USER_ID, ITEM_ID and TIMESTAMP, items ITEM_ID, users USER_ID. "data convert" makes such files of others`,
      `${file}, 1행: 헤더가 ${header.join(', ')}입니다. 상호작용에는 USER_ID, ITEM_ID, TIMESTAMP, 항목에는 ITEM_ID, 사용자에는 USER_ID가 있어야 합니다. 다른 파일은 "data convert"로 바꾸세요`,
    ),
  );
}

/** Columns that Amazon Personalize knows by name, with their types. */
export const knownColumns = (type: DatasetType) => [
  ...DATASET_RULES[type].required,
  ...DATASET_RULES[type].reserved,
];
