// batch: recommendations, similar items or segments for many at once, as a table or a CSV file.
import { numberOption } from '../arguments';
import type { Clients } from '../clients';
import { type Command, type Rim, UserError } from '../command';
import { addProblem, noProblems, readRows, refuseProblems } from '../data/rows';
import { csvLine, writeText } from '../data/write';
import { runBatch } from '../groups/batch';
import { groupSolutions } from '../groups/campaigns';
import { everybody } from '../groups/everybody';
import { groupOption, readGroup } from '../groups/group';
import { placeOf, placeOptions } from '../groups/place-options';
import { langOption, languageOf, speaker } from '../language';
import { textTable } from '../table';

const SHOWN = 20;

export function batch(clients: Pick<Clients, 'personalize' | 's3' | 'cloudFormation'>): Command {
  return {
    name: 'batch',
    summary: 'Recommends for all users at once, or finds similar items or segments.',
    positionals: ['[FILE]'],
    options: {
      'dataset-group': groupOption,
      solution: { type: 'string', value: 'S', description: 'the solution that answers', required: true },
      all: {
        type: 'boolean',
        description: 'instead of a file: everybody with an interaction, or every such item',
      },
      limit: { type: 'string', value: 'N', description: 'how many each (default 25)' },
      out: { type: 'string', value: 'FILE', description: 'write all as CSV' },
      ...placeOptions,
      lang: langOption,
    },
    async run(values, [file], rim) {
      const say = speaker(languageOf(values));
      const limit = numberOption(values, 'limit', { minimum: 1, maximum: 500, otherwise: 25 });
      if ((file === undefined) !== (values.all === true)) {
        throw new UserError('either a file says for whom, or --all', true);
      }
      const group = await readGroup(clients, values);
      const [solution] = await groupSolutions(clients.personalize, group, [String(values.solution)]);
      if (!solution) throw new UserError(`${group.name} has no solution ${values.solution}`);
      const isSegment = solution.recipe.type === 'USER_SEGMENTATION';
      const byItem = isSegment || solution.recipe.asksFor.includes('itemId');
      const column = byItem ? 'ITEM_ID' : 'USER_ID';
      const given = file === undefined ? undefined : await idsOf(file, column, rim);
      const place = await placeOf(clients, group.name, values);
      const inputs = given ?? (await everybody(clients, group, place, column, rim));
      const lists = await runBatch(clients, place, solution, inputs, rim, limit);
      const header = [column, 'RANK', isSegment ? 'USER_ID' : 'ITEM_ID'];
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

/** The ids of a CSV file's column, each once. @throws UserError for a row that has none, and for rows of another width */
async function idsOf(file: string, column: string, rim: Rim): Promise<string[]> {
  const ids = new Set<string>();
  const problems = noProblems();
  await readRows(
    file,
    (header) => {
      const at = header.indexOf(column);
      if (at < 0)
        throw new UserError(`${file}, line 1: there is no column ${column}; there are: ${header.join(', ')}`);
      return (cells, line) => {
        if (cells[at]) ids.add(cells[at]);
        else addProblem(problems, file, line, `${column} is empty`);
      };
    },
    problems,
    rim,
  );
  refuseProblems(problems, 'No batch job was started.');
  return [...ids];
}
