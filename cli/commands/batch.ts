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
import { both } from '../text';

const SHOWN = 20;

export function batch(clients: Pick<Clients, 'personalize' | 's3' | 'cloudFormation'>): Command {
  return {
    name: 'batch',
    summary: both(
      'Recommends for all users at once, or finds similar items or segments.',
      '모든 사용자에게 한 번에 추천하거나, 유사 항목 또는 세그먼트를 찾습니다.',
    ),
    positionals: ['[FILE]'],
    options: {
      'dataset-group': groupOption,
      solution: {
        type: 'string',
        value: 'S',
        description: both('the solution that answers', '답할 솔루션'),
        required: true,
      },
      all: {
        type: 'boolean',
        description: both(
          'instead of a file: everybody with an interaction, or every such item',
          '파일 대신: 상호작용이 있는 모든 사용자, 또는 그런 모든 항목',
        ),
      },
      limit: {
        type: 'string',
        value: 'N',
        description: both('how many each (default 25)', '하나당 몇 개인지 (기본값 25)'),
      },
      out: { type: 'string', value: 'FILE', description: both('write all as CSV', '모두 CSV로 씀') },
      ...placeOptions,
      lang: langOption,
    },
    async run(values, [file], rim) {
      const say = speaker(languageOf(values));
      const limit = numberOption(values, 'limit', { minimum: 1, maximum: 500, otherwise: 25 });
      if ((file === undefined) !== (values.all === true)) {
        throw new UserError(
          both(
            'either a file says for whom, or --all',
            '누구에게 추천할지 파일이나 --all 가운데 하나로 정하세요',
          ),
          true,
        );
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
        throw new UserError(
          both(
            `${file}, line 1: there is no column ${column}; there are: ${header.join(', ')}`,
            `${file}, 1행: ${column} 열이 없습니다. 있는 열: ${header.join(', ')}`,
          ),
        );
      return (cells, line) => {
        if (cells[at]) ids.add(cells[at]);
        else addProblem(problems, file, line, `${column} is empty`);
      };
    },
    problems,
    rim,
  );
  refuseProblems(problems, both('No batch job was started.', '배치 작업을 시작하지 않았습니다.'));
  return [...ids];
}
