// Regions are opened when somebody asks for them first: what two who ask at once get, and what is left of one that cannot be opened.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock } from '@emotion-gallery/local-kit/clock';
import { Store } from '@emotion-gallery/local-kit/store';
import type { ServiceDeclaration } from '../../src/declaration';
import { type Region, Regions } from '../../src/regions';
import type { AwsService } from '../../src/service';

const clock = new RealClock(1);
let folder: string;
let store: Store;
let closed: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'regions-'));
  store = new Store({ dir: folder, clock });
  closed = [];
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Services that are named by where they are: `queue in eu-west-1`. */
function open(make: (id: string, region: Region) => Promise<void>): Regions {
  const declaration = (id: string, spansRegions = false) => ({ id, spansRegions }) as ServiceDeclaration;
  return new Regions({
    services: [declaration('table'), declaration('users', true), declaration('queue')],
    ...{ home: 'us-east-1', store, stateDir: folder },
    make: async ({ id }, region) => {
      await make(id, region);
      const name = `${id} in ${region.name}`;
      return { id: name, close: async () => void closed.push(name) } as unknown as AwsService;
    },
    prepare: async () => undefined,
  });
}

test('whoever asks while a region is being opened gets the service as well, once all are there', async () => {
  let made = 0;
  const regions = open(async () => {
    made += 1;
    await new Promise((resolve) => setImmediate(resolve));
  });
  await regions.openAll();
  const asked = await Promise.all(
    ['queue', 'queue', 'table'].map((id) => regions.serviceIn(id, 'eu-west-1')),
  );
  expect(asked.map((service) => service?.id)).toEqual([
    'queue in eu-west-1',
    'queue in eu-west-1',
    'table in eu-west-1',
  ]);
  expect(made).toBe(3 + 2);
});

test('of a region that cannot be opened nothing stays open, and the next who asks opens it', async () => {
  let isBroken = true;
  const regions = open(async (id, { name }) => {
    if (isBroken && id === 'queue' && name !== 'us-east-1') throw new Error('no room');
  });
  await regions.openAll();
  await expect(regions.serviceIn('queue', 'eu-west-1')).rejects.toThrow('no room');
  expect(closed).toEqual(['table in eu-west-1']);
  isBroken = false;
  expect(await regions.serviceIn('queue', 'eu-west-1')).toMatchObject({ id: 'queue in eu-west-1' });
});

test('a service that spans regions is closed once, by its owner', async () => {
  const regions = open(async () => undefined);
  await regions.openAll();
  await regions.serviceIn('queue', 'eu-west-1');
  const names = regions.all().map(({ id }) => id);
  expect(names.filter((name) => name.startsWith('users'))).toEqual(['users in us-east-1']);
  expect(names).toHaveLength(5);
});
