// What items are called, by a file of items.
import { type Rim, UserError } from '../command';
import { noProblems, readRows } from '../data/rows';
import { both } from '../text';

const NAMES = ['TITLE', 'NAME', 'ITEM_NAME', 'PRODUCT_NAME'];

/** @throws UserError when the file has no column of titles */
export async function readTitles(file: string | undefined, rim: Rim): Promise<(item: string) => string> {
  if (file === undefined) return (item) => item;
  const titles = new Map<string, string>();
  await readRows(
    file,
    (header) => {
      const [id, title] = [header.indexOf('ITEM_ID'), header.findIndex((name) => NAMES.includes(name))];
      if (id < 0 || title < 0) {
        throw new UserError(
          both(
            `${file}, line 1: items need ITEM_ID and one of ${NAMES.join(', ')}; there are ${header.join(', ')}`,
            `${file}, 1행: 항목에는 ITEM_ID와 ${NAMES.join(', ')} 가운데 하나가 필요합니다. 있는 열: ${header.join(', ')}`,
          ),
        );
      }
      return (cells) => titles.set(cells[id] as string, cells[title] as string);
    },
    noProblems(),
    rim,
  );
  return (item) => titles.get(item) ?? item;
}
