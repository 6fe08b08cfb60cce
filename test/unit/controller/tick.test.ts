// One tick after the other of a group whose calls do not go as planned.
import { type Actual, nothing } from '../../../lambda/controller/actual';
import { type Declaration, emptyDeclaration } from '../../../lambda/controller/declaration';
import { type GroupRow, newRow } from '../../../lambda/controller/group-row';
import { type Ended, tick } from '../../../lambda/controller/tick';
import { ServiceError } from './fake-personalize';

const SOURCE = 'personalize/config/shop.json';
const declaration: Declaration = {
  ...emptyDeclaration({ name: 'shop' }, 'gallery'),
  sources: [{ name: SOURCE, declaredAt: '2026-01-01T00:00:00.000Z' }],
  filters: [
    { name: 'by-mood', source: SOURCE, filterExpression: 'INCLUDE ItemID WHERE Items.MOOD IN ("x")' },
  ],
};
const actual: Actual = {
  ...nothing,
  datasetGroup: { name: 'shop', arn: 'arn:dataset-group/shop', status: 'ACTIVE', createdAt: 0 },
};

async function ticks(count: number, call: () => Promise<never>): Promise<{ row: GroupRow; ended: Ended[] }> {
  let now = Date.parse('2026-02-01T00:00:00.000Z');
  let row = newRow({ name: 'shop', arn: 'arn:dataset-group/shop' }, new Date(now).toISOString());
  const ended: Ended[] = [];
  for (let n = 0; n < count; n += 1) {
    const ticked = await tick(
      {
        ...{ api: { call }, now: () => now, timeLeft: () => true },
        wanted: async () => ({ declaration, sources: [{ name: SOURCE }] }),
        observe: async () => actual,
        beginRun: async () => undefined,
        noteStep: async () => undefined,
        noteSchema: async () => undefined,
        endRun: async (_row, _run, end) => {
          ended.push(end);
        },
        run: { key: `${n}`, reason: 'test', startedAt: new Date(now).toISOString() },
      },
      row,
    );
    row = ticked.row;
    now += (ticked.waitSeconds ?? 60) * 1000;
  }
  return { row, ended };
}

test('a name that is taken elsewhere in the account is told once, instead of asked for for ever', async () => {
  let calls = 0;
  const { row, ended } = await ticks(10, () => {
    calls += 1;
    return Promise.reject(new ServiceError('ResourceAlreadyExistsException', 'by-mood exists.'));
  });
  expect(row).toMatchObject({
    state: 'failed',
    problems: [{ source: SOURCE, reason: expect.stringContaining('not of this dataset group') }],
  });
  expect(ended).toHaveLength(1);
  expect(calls).toBeLessThan(6);
});
