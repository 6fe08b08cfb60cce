// Puts and imports into a dataset group until it is killed; tells on its output what was acknowledged.
import { openDatasetGroup } from '../../../src/data';
import { csv, interactionCsv, interactions, items } from './fixtures';

async function work(dir: string, round: string): Promise<void> {
  const data = await openDatasetGroup(dir, { sealAfter: 40 });
  await data.ensureDataset('INTERACTIONS', interactions);
  await data.ensureDataset('ITEMS', items);
  const acknowledge = (line: string) => process.stdout.write(`${line}\n`);
  acknowledge('started');
  const put = async (name: string) => {
    const sentAt = new Date(1e12);
    const event = { eventId: name, eventType: 'like', itemId: name, sentAt };
    await data.putEvents({
      userId: 'u',
      sessionId: 's',
      eventList: [event, { ...event, eventId: `${name}+` }],
    });
    acknowledge(`event ${name}`);
    await data.putEntities('ITEMS', [{ id: name }]);
    acknowledge(`item ${name}`);
  };
  const puts = async (lane: number) => {
    for (let i = 0; ; i++) await put(`${round}-${lane}-${i}`);
  };
  const imports = async () => {
    for (let i = 0; ; i++) {
      const count = 1000 + (i % 5);
      await data.importCsv('INTERACTIONS', 'FULL', [csv(interactionCsv(count))]);
      acknowledge(`import ${count}`);
    }
  };
  await Promise.all([puts(0), puts(1), puts(2), imports()]);
}

const [, , dir = '', round = ''] = process.argv;
work(dir, round);
