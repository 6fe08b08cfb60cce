// Which column of other people's files is which of Amazon Personalize's.
import { UserError } from '../../command';
import { both } from '../../text';

/** Names without case, spaces, dots, hyphens and underscores. */
const SYNONYMS = {
  USER_ID: ['userid', 'user', 'customerid', 'customer', 'visitorid', 'memberid', 'reviewerid', 'uid'],
  ITEM_ID: [
    'itemid',
    'item',
    'movieid',
    'productid',
    'product',
    'contentid',
    'asin',
    'isbn',
    'songid',
    'iid',
  ],
  TIMESTAMP: [
    'timestamp',
    'time',
    'date',
    'datetime',
    'unixreviewtime',
    'eventtime',
    'createdat',
    'sentat',
    'ts',
  ],
  EVENT_TYPE: ['eventtype', 'event', 'action', 'behavior', 'type'],
  EVENT_VALUE: ['eventvalue', 'rating', 'score', 'stars', 'value'],
} as const;

export const INTERACTION_COLUMNS = ['USER_ID', 'ITEM_ID', 'TIMESTAMP', 'EVENT_TYPE', 'EVENT_VALUE'] as const;
export type InteractionColumn = (typeof INTERACTION_COLUMNS)[number];

const plain = (name: string): string => name.toLowerCase().replaceAll(/[\s._-]/g, '');

/** `user=BUYER,item=SKU`: what a person says of their columns. */
export type Chosen = Readonly<Partial<Record<InteractionColumn, string>>>;

/** @throws UserError when it is not of this form */
export function chosenColumns(text: string | undefined): Chosen {
  const entries = (text ?? '')
    .split(',')
    .filter(Boolean)
    .map((pair) => {
      const [what = '', name = ''] = pair.split('=');
      const column = INTERACTION_COLUMNS.find(
        (one) =>
          one.split('_')[what === 'type' || what === 'value' ? 1 : 0] === what.toUpperCase() ||
          (what === 'time' && one === 'TIMESTAMP'),
      );
      if (column && name) return [column, name] as const;
      throw new UserError(
        both(
          `--columns must be like user=BUYER,item=SKU,time=AT,type=KIND,value=STARS, got ${pair}`,
          `--columns는 user=BUYER,item=SKU,time=AT,type=KIND,value=STARS처럼 적습니다. 받은 값: ${pair}`,
        ),
        true,
      );
    });
  return Object.fromEntries(entries);
}

/** @throws UserError when no column is the user, the item or the time */
export function columnsOf(file: string, header: readonly string[], chosen: Chosen): Chosen {
  const found = INTERACTION_COLUMNS.flatMap((column) => {
    const name =
      chosen[column] ?? header.find((one) => (SYNONYMS[column] as readonly string[]).includes(plain(one)));
    return name === undefined ? [] : [[column, name] as const];
  });
  const columns: Chosen = Object.fromEntries(found);
  for (const [column, name] of found) {
    if (!header.includes(name)) {
      throw new UserError(
        both(
          `${file} has no column ${name}; it has ${header.join(', ')}`,
          `${file}에 ${name} 열이 없습니다. 있는 열: ${header.join(', ')}`,
        ),
      );
    }
    const other = found.find(([, same]) => same === name);
    if (other && other[0] !== column)
      throw new UserError(
        both(
          `${name} cannot be ${other[0]} and ${column}`,
          `${name}은(는) ${other[0]}이면서 ${column}일 수 없습니다`,
        ),
      );
  }
  for (const [column, what] of [
    ['USER_ID', 'user'],
    ['ITEM_ID', 'item'],
    ['TIMESTAMP', 'time'],
  ] as const) {
    if (columns[column] === undefined) {
      throw new UserError(
        both(
          `${file}, line 1: which column is the ${what}? It has ${header.join(', ')}; --columns ${what}=NAME says it`,
          `${file}, 1행: 어느 열이 ${what}인가요? 있는 열: ${header.join(', ')}. --columns ${what}=NAME으로 알려 주세요`,
        ),
      );
    }
  }
  return columns;
}
