// What the gateway does with answers that are no ordinary ones.
import type { AwsService } from '../../src/service';
import { type Harness, startServices } from './harness';

let harness: Harness;
let answer: { readonly status: number; readonly body: Buffer };

beforeAll(async () => {
  const service: AwsService = {
    id: 'personalize',
    operations: [],
    handle: async () => ({ headers: {}, ...answer }),
    call: async () => ({}),
    close: async () => undefined,
  };
  harness = await startServices({ personalize: async () => service });
});
afterAll(() => harness.close());

const ask = () =>
  fetch(harness.endpoint, { method: 'POST', headers: { 'x-amz-target': 'AmazonPersonalize.ListRecipes' } });

test('a dropped answer closes the connection without a word', async () => {
  answer = { status: 0, body: Buffer.alloc(0) };
  await expect(ask()).rejects.toThrow('fetch failed');
});

test('every byte of a small body and of a large one arrives as it was sent', async () => {
  for (const size of [0, 256, 65_536, 300_000]) {
    const body = Buffer.from(Uint8Array.from({ length: size }, (_, index) => index % 251));
    answer = { status: 200, body };
    expect(Buffer.from(await (await ask()).arrayBuffer()).equals(body)).toBe(true);
  }
});
