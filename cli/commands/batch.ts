// batch: recommendations, similar items or segments for many at once, as a table or a CSV file.
import { numberOption } from '../arguments';
import type { Clients } from '../clients';
import { type Command, UserError } from '../command';
import { noProblems, readRows } from '../data/rows';
import { csvLine, writeText } from '../data/write';
import { runBatch } from '../groups/batch';
import { groupSolutions } from '../groups/campaigns';
import { groupOption, readGroup } from '../groups/group';
import { placeOf, placeOptions } from '../groups/place-options';
import { langOption, languageOf, speaker } from '../language';
import { textTable } from '../table';

const SHOWN = 20;

export function batch(clients: Pick<Clients, 'personalize' | 's3' | 'cloudFormation'>): Command {
  return {
    name: 'batch',
    summary: 'Recommends for all users of a file at once, or finds similar items or segments.',
    positionals: ['FILE'],
    options: {
      'dataset-group': groupOption,
      solution: { type: 'string', value: 'S', description: 'the solution that answers', required: true },
      limit: { type: 'string', value: 'N', description: 'how many each (default 25)' },
      out: { type: 'string', value: 'FILE', description: 'write all as CSV' },
      ...placeOptions,
      lang: langOption,
    },
    async run(values, [file = ''], rim) {
      const say = speaker(languageOf(values));
      const limit = numberOption(values, 'limit', { minimum: 1, maximum: 500, otherwise: 25 });
      const group = await readGroup(clients, values);
      const [solution] = await groupSolutions(clients.personalize, group, [String(values.solution)]);
      if (!solution) throw new UserError(`${group.name} has no solution ${values.solution}`);
      const isSegment = solution.recipe.type === 'USER_SEGMENTATION';
      const byItem = isSegment || solution.recipe.asksFor.includes('itemId');
      const inputs = await idsOf(file, byItem ? 'ITEM_ID' : 'USER_ID', rim);
      const place = await placeOf(clients, group.name, values);
      const lists = await runBatch(clients, place, solution, inputs, rim, limit);
      const header = [byItem ? 'ITEM_ID' : 'USER_ID', 'RANK', isSegment ? 'USER_ID' : 'ITEM_ID'];
      if (values.out !== undefined) {
        const lines = [...lists].flatMap(([id, list]) =>
          list.map((one, rank) => csvLine([id, String(rank + 1), one])),
        );
        await writeText(String(values.out), csvLine(header) + lines.join(''));
      }
      const rows = [...lists].slice(0, SHOWN).map(([id, list]) => [id, list.slice(0, 10).join(', ')]);
      const more =
        lists.size > SHOWN ? [say(`… and ${lists.size - SHOWN} more`, `… 외 ${lists.size - SHOWN}개`)] : [];
      return {
        text: [
          textTable(
            [byItem ? say('item', '항목') : say('user', '사용자'), say('the first ten', '처음 10개')],
            rows,
          ),
          ...more,
        ].join('\n'),
        json: Object.fromEntries(lists),
      };
    },
  };
}

/** The ids of a CSV file's column, each once. @throws UserError */
async function idsOf(file: string, column: string, rim: Parameters<typeof readRows>[3]): Promise<string[]> {
  const ids = new Set<string>();
  await readRows(
    file,
    (header) => {
      const at = header.indexOf(column);
      if (at < 0)
        throw new UserError(`${file}, line 1: there is no column ${column}; there are: ${header.join(', ')}`);
      return (cells) => {
        if (cells[at]) ids.add(cells[at]);
      };
    },
    noProblems(),
    rim,
  );
  return [...ids];
}
