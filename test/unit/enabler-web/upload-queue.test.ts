// Files on their way into the gallery: what is sent, what is not, and what is told of each.
import {
  type ChosenFile,
  emotionOfFolders,
  typeOf,
  unfitness,
} from '../../../enabler-web/console/curation/chosen-files';
import { type QueuePorts, UploadQueue } from '../../../enabler-web/console/curation/upload-queue';
import type { UploadFile, UploadState } from '../../../lambda/shared/contract/schemas';

const chosen = (name: string, type = 'image/jpeg', content = name): ChosenFile => ({
  file: new File([content], name, { type }),
  folders: [],
});

/** A gallery that lists what was sent. */
class Gallery {
  readonly asked: UploadFile[][] = [];
  readonly sent: string[] = [];
  readonly pauses: number[] = [];
  /** What is known of a file before it is asked; by content. */
  readonly known = new Map<string, Partial<UploadState>>();
  sendFault: () => void = () => undefined;
  planFault: () => void = () => undefined;
  atOnce = 0;
  most = 0;

  ports: QueuePorts = {
    plan: async (files) => {
      this.planFault();
      this.asked.push([...files]);
      return { uploads: files.map((file) => this.stateOf(file)) };
    },
    send: async (request, _, onProgress) => {
      this.atOnce += 1;
      this.most = Math.max(this.most, this.atOnce);
      await Promise.resolve();
      this.atOnce -= 1;
      onProgress(0.5);
      this.sendFault();
      this.sent.push(request.url);
    },
    hash: (file) => file.text(),
    wait: async (milliseconds) => void this.pauses.push(milliseconds),
    onChange: () => undefined,
  };

  private stateOf({ emotion, sha256 }: UploadFile): UploadState {
    const itemId = `emotions/${emotion}/${sha256}`;
    const known = this.known.get(sha256);
    if (known) return { state: 'listed', itemId, ...known };
    const image = { itemId, url: `/${sha256}`, emotion, liked: false };
    if (this.sent.includes(itemId)) return { state: 'listed', itemId, image };
    return { state: 'send', itemId, request: { url: itemId, headers: {} } };
  }
}

let gallery: Gallery;
let queue: UploadQueue;

beforeEach(() => {
  gallery = new Gallery();
  queue = new UploadQueue(gallery.ports);
});

const standings = () => queue.files.map(({ standing }) => standing.at);

test('files are sent and watched until they are in the gallery, three at a time, twenty in a question', async () => {
  queue.add(
    Array.from({ length: 25 }, (_, index) => chosen(`${index}.jpg`)),
    'calm',
  );
  expect(standings()).toEqual(Array(25).fill('chosen'));
  await queue.start();
  expect(standings()).toEqual(Array(25).fill('listed'));
  expect(gallery.asked.map((files) => files.length)).toEqual([20, 20, 5, 5]);
  expect(gallery.most).toBe(3);
});

test('a folder that is called like an emotion decides, the innermost one, in any case', async () => {
  const inFolder = { ...chosen('a.jpg'), folders: ['Photos', 'Happy', '2026'] };
  queue.add([inFolder, chosen('b.jpg')], 'calm');
  expect(queue.files.map(({ emotion }) => emotion)).toEqual(['happy', 'calm']);
  expect(emotionOfFolders(['happy', 'sad'])).toBe('sad');
});

test('what cannot be a picture is told and never asked about; what systems put beside pictures is left out', async () => {
  queue.add(
    [
      chosen('IMG_1.HEIC', ''),
      chosen('film.mp4', 'video/mp4'),
      chosen('empty.jpg', 'image/jpeg', ''),
      chosen('.DS_Store', ''),
    ],
    'calm',
  );
  await queue.start();
  expect(queue.files.map(({ standing }) => standing)).toEqual([
    { at: 'unfit', why: 'heic' },
    { at: 'unfit', why: 'type' },
    { at: 'unfit', why: 'empty' },
  ]);
  expect(gallery.asked).toEqual([]);
});

test('a file that is larger than 40 MB is unfit, one of an unknown type is told by its name', () => {
  const file = { type: 'image/png', name: 'a.png', size: 40 * 1024 * 1024 };
  expect([unfitness(file), unfitness({ ...file, size: file.size + 1 })]).toEqual([undefined, 'size']);
  expect(typeOf({ type: '', name: 'Lake.JFIF' })).toBe('image/jpeg');
});

test('what is there already, was taken out before or is refused is told, and not sent', async () => {
  gallery.known.set('a', { state: 'duplicate', itemId: 'emotions/sad/x' });
  gallery.known.set('b', { state: 'removed' });
  gallery.known.set('c', { state: 'refused', reason: 'not a picture' });
  queue.add(
    [chosen('1.jpg', undefined, 'a'), chosen('2.jpg', undefined, 'b'), chosen('3.jpg', undefined, 'c')],
    'calm',
  );
  await queue.start();
  expect(queue.files.map(({ standing }) => standing)).toEqual([
    { at: 'duplicate', itemId: 'emotions/sad/x' },
    { at: 'removed', itemId: 'emotions/calm/b' },
    { at: 'refused', reason: 'not a picture' },
  ]);
  expect(gallery.sent).toEqual([]);
});

test('a picture that is taken out afterwards is said to be, with its copies, and put back to be there', async () => {
  gallery.known.set('b', { state: 'duplicate', itemId: 'emotions/calm/a' });
  queue.add(
    ['a', 'b', 'c'].map((content) => chosen(`${content}.jpg`, undefined, content)),
    'calm',
  );
  await queue.start();
  queue.note('remove', 'emotions/calm/a');
  expect(standings()).toEqual(['removed', 'removed', 'listed']);
  queue.note('restore', 'emotions/calm/a');
  expect(standings()).toEqual(['listed', 'listed', 'listed']);
  await queue.start();
  expect(gallery.sent).toEqual(['emotions/calm/a', 'emotions/calm/c']);
});

test('the same picture twice in one go is sent once', async () => {
  queue.add([chosen('1.jpg', undefined, 'a'), chosen('2.jpg', undefined, 'a')], 'calm');
  await queue.start();
  expect(standings()).toEqual(['listed', 'duplicate']);
  expect(gallery.sent).toHaveLength(1);
});

test('a broken connection is tried again with growing pauses, then told; sending again goes on from there', async () => {
  gallery.sendFault = () => {
    throw new Error('no connection');
  };
  queue.add([chosen('a.jpg')], 'calm');
  await queue.start();
  expect(queue.files[0]?.standing).toEqual({ at: 'failed', reason: 'no connection' });
  expect(gallery.pauses).toEqual([1000, 2000]);
  gallery.sendFault = () => undefined;
  await queue.start();
  expect(standings()).toEqual(['listed']);
});

test('when the question gets no answer, the files that waited for it can be sent again', async () => {
  gallery.planFault = () => {
    throw new Error('no answer');
  };
  queue.add([chosen('a.jpg')], 'calm');
  await queue.start();
  expect(queue.files[0]?.standing).toEqual({ at: 'failed', reason: 'no answer' });
});

test('a picture that is not looked into for minutes is said to take long', async () => {
  queue = new UploadQueue({ ...gallery.ports, send: async () => undefined });
  queue.add([chosen('a.jpg')], 'calm');
  await queue.start();
  expect(standings()).toEqual(['slow']);
});

test('what is done can be cleared, what is chosen stays', async () => {
  queue.add([chosen('a.jpg'), chosen('film.mp4', 'video/mp4')], 'calm');
  await queue.start();
  queue.add([chosen('b.jpg')], 'calm');
  queue.clear();
  expect(queue.files.map(({ file }) => file.name)).toEqual(['b.jpg']);
});
