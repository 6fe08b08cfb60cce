// Exports by origin, deletion of users' data, and finding the files of a job.

import { Readable } from 'node:stream';
import { DataJobFailed } from '@emotion-gallery/personalize-rules/csv';
import { csvFilesAt, readUserIds } from '../../../src/data';
import { ObjectAccessDenied, ObjectNotFound, type ObjectStore } from '../../../src/service';
import { csv, interactionCsv, likeOf, TestGroup } from './fixtures';

let group: TestGroup;
beforeEach(async () => {
  group = await TestGroup.open();
});
afterEach(() => group.remove());

const exported = (type: 'INTERACTIONS' | 'ITEMS', mode: 'BULK' | 'PUT' | 'ALL') =>
  [...group.data.exportCsv(type, mode)].join('').trimEnd().split('\n');

test('an export has what was imported, what was put, or both without repeats', async () => {
  await group.data.importCsv('INTERACTIONS', 'FULL', [csv(interactionCsv())]);
  await group.data.putEvents(likeOf('u1', 'i1'));
  await group.data.putEvents(likeOf('u1', 'i1'));
  await group.data.putEvents(likeOf(undefined, 'anonymous'));
  expect(exported('INTERACTIONS', 'BULK')).toHaveLength(1001);
  expect(exported('INTERACTIONS', 'PUT')).toEqual([
    'USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE,IMPRESSION,RECOMMENDATION_ID,DEVICE',
    'u1,i1,1650000000,like,,,,',
    'u1,anonymous,1650000000,like,,,,',
  ]);
  expect(exported('INTERACTIONS', 'ALL')).toHaveLength(1003);
});

test('an export of items has the newest row of each id and can be imported again', async () => {
  await group.data.importCsv('ITEMS', 'FULL', [csv('ITEM_ID,GENRES,FREE\na,x,true\nb,y,false\n')]);
  group.now += 1;
  const description = 'a "quoted", long\\winded\ntext';
  const properties = JSON.stringify({ genres: 'z', description });
  await group.data.putEntities('ITEMS', [{ id: 'b', properties }, { id: 'c' }]);
  const all = [...group.data.exportCsv('ITEMS', 'ALL')].join('');
  expect(exported('ITEMS', 'BULK')).toHaveLength(3);
  const before = ['a', 'b', 'c'].map((id) => group.data.metadata('ITEMS', id));
  expect(before[1]).toEqual({ GENRES: 'z', DESCRIPTION: description });
  await group.data.importCsv('ITEMS', 'FULL', [csv(all)]);
  expect(['a', 'b', 'c'].map((id) => group.data.metadata('ITEMS', id))).toEqual(before);
});

test('deleted users are gone from all datasets, with their anonymous events, also after a restart', async () => {
  await group.data.importCsv('INTERACTIONS', 'FULL', [csv(interactionCsv())]);
  await group.data.putEntities('USERS', [{ id: 'u1', properties: '{"age":3}' }, { id: 'u2' }]);
  await group.data.putEvents(likeOf(undefined, 'anonymous'));
  await group.data.putEvents(likeOf('u1', 'i1', { eventId: 'e' }));
  await group.data.putEvents({ ...likeOf('u2', 'i2'), sessionId: 'other' });
  const deletion = group.data.deleteUsers(['u1', 'nobody']);
  const meanwhile = group.data.putEvents({ ...likeOf('u3', 'i3'), sessionId: 'third' });
  expect(await deletion).toBe(1);
  await meanwhile;
  for (const restarted of [false, true]) {
    if (restarted) await group.reopen();
    expect(group.data.hasUser('u1')).toBe(false);
    expect(group.data.metadata('USERS', 'u1')).toBeUndefined();
    expect(group.data.userHistory('u1').events).toEqual([]);
    expect(group.data.userHistory('session').events).toEqual([]);
    expect(group.data.sizes().INTERACTIONS).toEqual({ records: 982, bulk: 980, put: 2 });
    expect(group.data.hasUser('u2')).toBe(true);
    expect(exported('INTERACTIONS', 'ALL').join('\n')).not.toContain('u1,');
  }
});

describe('finding files', () => {
  const identity = { roleArn: 'role', sourceArn: 'job' };
  const objects: Record<string, string> = {
    'data/a.csv': 'USER_ID\nu1\n',
    'data/b.csv': 'USER_ID\nu2\nu1\n',
    'data/_SUCCESS': '',
    'data/deep/c.csv': 'USER_ID\nu3\n',
    'data/deep/readme.txt': 'x',
  };
  const store: ObjectStore = {
    async list(_, bucket, prefix) {
      if (bucket === 'missing') throw new ObjectNotFound('no such bucket');
      if (bucket === 'closed') throw new ObjectAccessDenied('not allowed');
      return Object.entries(objects)
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, text]) => ({ key, size: text.length, lastModified: new Date(0) }));
    },
    async read(_, __, key) {
      return Readable.from([Buffer.from(objects[key] ?? '')]);
    },
    async write() {},
  };
  const names = async (location: string, recursive = false, mostBytes = 1000) =>
    (await csvFilesAt(store, identity, location, { datasetType: 'USERS', recursive, mostBytes })).map(
      ({ name }) => name,
    );

  test('one object, or the first level of a folder', async () => {
    expect(await names('s3://b/data/a.csv')).toEqual(['s3://b/data/a.csv']);
    expect(await names('s3://b/data/')).toEqual(['s3://b/data/a.csv', 's3://b/data/b.csv']);
  });

  test('all levels of a folder and only .csv for data deletion', async () => {
    const files = await csvFilesAt(store, identity, 's3://b/data/', {
      datasetType: 'USERS',
      recursive: true,
      mostBytes: 1000,
    });
    expect(files).toHaveLength(3);
    expect([...(await readUserIds(files))]).toEqual(['u1', 'u2', 'u3']);
  });

  test.each([
    's3://b/data/none.csv',
    's3://b/empty/',
    's3://b/data',
    's3://missing/x.csv',
    'https://b/x',
    's3://b',
  ])('at %s there are none: the documented text says so', async (location) => {
    await expect(names(location)).rejects.toThrow(new DataJobFailed('Invalid Data location.'));
  });

  test('without permission the documented text names the dataset type', async () => {
    await expect(names('s3://closed/x.csv')).rejects.toThrow(
      'Failed to create a data import job for Users dataset. Insufficient privileges for accessing data in Amazon S3.',
    );
  });

  test('without permission a deletion job says so of itself', async () => {
    await expect(names('s3://closed/x/', true)).rejects.toThrow(
      'Failed to create a data deletion job. Insufficient privileges for accessing data in Amazon S3.',
    );
  });

  test('more bytes than the job may read are refused before any is read', async () => {
    const bytes = ['data/a.csv', 'data/b.csv'].reduce((sum, key) => sum + (objects[key]?.length ?? 0), 0);
    expect(await names('s3://b/data/', false, bytes)).toHaveLength(2);
    await expect(names('s3://b/data/', false, bytes - 1)).rejects.toThrow(
      `Failed to create a data import job for Users dataset. The files have ${bytes} bytes together`,
    );
    await expect(names('s3://b/data/', true, 1)).rejects.toThrow('Failed to create a data deletion job. The');
  });

  test('a list of users with another column is refused', async () => {
    await expect(readUserIds([csv('ID\nu1\n')])).rejects.toThrow('the one column USER_ID');
    await expect(readUserIds([csv('USER_ID\nu1,u2\n')])).rejects.toThrow('line 2: more than one cell');
    await expect(readUserIds([csv('')])).rejects.toThrow('no header row');
  });
});
