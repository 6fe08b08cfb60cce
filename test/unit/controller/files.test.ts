// Configuration files and data files in the gallery bucket, wherever they may lie.
import type { ListObjectsV2CommandInput, S3Client } from '@aws-sdk/client-s3';
import type { DeclaredImport } from '../../../lambda/controller/declaration';
import { filesOf, listFiles } from '../../../lambda/controller/files';

/** S3 with these keys, the newest last; keys that end with a slash are folder markers. */
function bucket(...keys: string[]): S3Client {
  const send = async ({ input }: { input: ListObjectsV2CommandInput }) => {
    const { Prefix = '', Delimiter } = input;
    const Contents = [];
    const folders = new Set<string>();
    for (const [index, Key] of keys.entries()) {
      if (!Key.startsWith(Prefix)) continue;
      const slash = Delimiter ? Key.indexOf(Delimiter, Prefix.length) : -1;
      if (slash >= 0) folders.add(Key.slice(0, slash + 1));
      else
        Contents.push({
          Key,
          ETag: `"${index}"`,
          LastModified: new Date(index),
          Size: Key.endsWith('/') ? 0 : 1,
        });
    }
    return { Contents, CommonPrefixes: [...folders].map((folder) => ({ Prefix: folder })) };
  };
  return { send, config: {} } as unknown as S3Client;
}

// The SDK's paginator asks for one of its own clients.
jest.mock('@aws-sdk/client-s3', () => ({
  ...jest.requireActual('@aws-sdk/client-s3'),
  paginateListObjectsV2: async function* (
    { client }: { client: S3Client },
    input: ListObjectsV2CommandInput,
  ) {
    yield (client.send as unknown as (command: object) => Promise<object>)({ input });
  },
}));

test('files are found in their own folder, under train/ and in the root, and nowhere else', async () => {
  const s3 = bucket(
    'personalize/config/shop.json',
    'personalize/data/shop/Items/a.json',
    'train/films/config.json',
    'train/films/interactions.csv',
    'params.json',
    'notes.txt',
    'emotions/happy/a.json',
  );
  const found = await listFiles(s3, 'b');
  expect(found.map(({ key }) => key).sort()).toEqual([
    'params.json',
    'personalize/config/shop.json',
    'train/films/config.json',
  ]);
});

const declared: DeclaredImport = {
  ...{
    type: 'Interactions' as const,
    name: 'i',
    source: 's',
    bucket: 'b',
    mode: 'FULL' as const,
    schedules: {},
    roleArn: 'r',
  },
  ...{ prefix: 'train/films/interactions/', file: 'train/films/interactions.csv' },
};

test('the newest file of a folder tells when data came', async () => {
  const s3 = bucket(
    'train/films/interactions/',
    'train/films/interactions/1.csv',
    'train/films/interactions/2.csv',
  );
  expect(await filesOf(s3, declared)).toEqual({
    ...{ type: 'Interactions', place: 'train/films/interactions/', newestAt: 2, found: [] },
    fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/),
  });
});

test('another file of the same second, or another content of it, is another fingerprint', async () => {
  const folder = 'train/films/interactions/';
  const of = async (...keys: string[]) => (await filesOf(bucket(...keys), declared)).fingerprint;
  const one = await of(`${folder}1.csv`);
  expect(await of(`${folder}1.csv`)).toBe(one);
  expect(await of(`${folder}2.csv`)).not.toBe(one);
  expect(await of('x', `${folder}1.csv`)).not.toBe(one);
});

test('one file does where the folder is empty', async () => {
  const s3 = bucket('train/films/config.json', 'train/films/interactions.csv');
  expect(await filesOf(s3, declared)).toEqual({
    ...{ type: 'Interactions', place: 'train/films/interactions.csv', newestAt: 1, found: [] },
    fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/),
  });
});

test('where nothing is, what lies near by is told, and not what lies deeper', async () => {
  const s3 = bucket('Interaction/a.csv', 'Interaction/b.csv', 'params.json');
  expect(await filesOf(s3, { ...declared, prefix: 'Interactions/', file: undefined })).toEqual({
    ...{ type: 'Interactions', found: ['Interaction/', 'params.json'] },
  });
});
