// Files of every kind, as the catalogue looks into them: what is shown of a picture, and why another file is none.
import { decode, type Pixels } from '../../../../lambda/catalog/pictures/codecs';
import { makeRenditions } from '../../../../lambda/catalog/pictures/renditions';
import {
  avif,
  displayP3,
  gif,
  isoMedia,
  jpeg,
  movingWebp,
  painted,
  phoneJpeg,
  plain,
  png,
  profiledJpeg,
  profiledWebp,
  svg,
  tiff,
  webp,
} from '../../../support/pictures';

type Made = Awaited<ReturnType<typeof makeRenditions>>;

const fileOf = ({ files }: Made, name: string) => {
  const found = files.find((file) => file.name === name);
  if (!found) throw new Error(`no ${name} among ${files.map((file) => file.name)}`);
  return found.body;
};
const colourAt = ({ data, width }: Pixels, x: number, y: number) => {
  const [red = 0, , blue = 0] = data.subarray((y * width + x) * 4);
  return red > blue ? 'red' : 'blue';
};

test('a photo is shown in three widths, with a fall-back and a placeholder', async () => {
  const made = await makeRenditions(await jpeg(1600, 1200));
  expect(made).toMatchObject({
    contentType: 'image/jpeg',
    width: 1600,
    height: 1200,
    widths: [320, 640, 1280],
  });
  expect(made.files.map(({ name }) => name).sort()).toEqual([
    '1280.webp',
    '320.webp',
    '640.webp',
    'picture.jpg',
  ]);
  const small = await decode('webp', fileOf(made, '320.webp'));
  expect([small.width, small.height]).toEqual([320, 240]);
  expect(await decode('jpeg', fileOf(made, 'picture.jpg'))).toMatchObject({ width: 640, height: 480 });
  expect(made.placeholder).toMatch(/^data:image\/webp;base64,/);
  expect(made.placeholder?.length).toBeLessThan(400);
});

test('a small picture is not made larger', async () => {
  expect(await makeRenditions(await jpeg(200, 100))).toMatchObject({
    width: 200,
    height: 100,
    widths: [200],
  });
});

test('a photo is turned as the camera says, and nothing says where it was taken', async () => {
  const photo = await phoneJpeg(400, 200, 6);
  expect(Buffer.from(photo).includes('Exif')).toBe(true);
  const made = await makeRenditions(photo);
  // Orientation 6: what is stored at the left is to be seen at the top.
  expect(made).toMatchObject({ width: 200, height: 400 });
  const seen = await decode('webp', fileOf(made, '200.webp'));
  expect([colourAt(seen, 100, 50), colourAt(seen, 100, 350)]).toEqual(['red', 'blue']);
  for (const { body } of made.files) expect(Buffer.from(body).includes('Exif')).toBe(false);
});

test.each<[string, () => Promise<Uint8Array>, string]>([
  ['PNG', async () => png(painted(400, 300)), 'image/png'],
  ['WebP', () => webp(400, 300), 'image/webp'],
  ['AVIF', () => avif(400, 300), 'image/avif'],
  ['GIF', async () => gif(1), 'image/gif'],
  ['GIF that moves', async () => gif(3), 'image/gif'],
  ['WebP that moves', () => movingWebp(painted(60, 40), 3), 'image/webp'],
])('a %s is known by its content and shown', async (_, make, contentType) => {
  const made = await makeRenditions(await make());
  expect(made.contentType).toBe(contentType);
  expect(made.files.map(({ name }) => name)).toContain('picture.jpg');
});

/** sRGB's red, as a phone's screen has it. */
const RED_IN_P3 = [234, 51, 35] as const;

test.each<[string, () => Promise<Uint8Array>]>([
  ['JPEG', () => profiledJpeg(plain(RED_IN_P3), displayP3())],
  ['large JPEG', () => profiledJpeg(plain(RED_IN_P3, 1500, 100), displayP3())],
  ['PNG', async () => png(plain(RED_IN_P3), undefined, displayP3())],
  ['WebP', () => profiledWebp(plain(RED_IN_P3), displayP3())],
])('the colours of a %s with a phone’s profile become those of the web', async (_, make) => {
  const made = await makeRenditions(await make());
  const { data } = await decode('jpeg', fileOf(made, 'picture.jpg'));
  const [red = 0, green = 255, blue = 255] = data;
  expect(red).toBeGreaterThan(249);
  expect(green).toBeLessThan(8);
  expect(blue).toBeLessThan(8);
});

test.each<[string, (profile: Buffer) => Buffer]>([
  [
    'of print',
    (profile) => Buffer.concat([profile.subarray(0, 16), Buffer.from('CMYKLab '), profile.subarray(24)]),
  ],
  ['that breaks off', (profile) => profile.subarray(0, 150)],
  ['that is empty', () => Buffer.alloc(0)],
])('a profile %s changes no colour', async (_, damage) => {
  const made = await makeRenditions(await profiledJpeg(plain(RED_IN_P3), damage(displayP3())));
  const { data } = await decode('jpeg', fileOf(made, 'picture.jpg'));
  for (const [at, value] of RED_IN_P3.entries()) expect(Math.abs((data[at] ?? 0) - value)).toBeLessThan(8);
});

test('what shines through is white in the fall-back', async () => {
  const clear = { data: new Uint8ClampedArray(20 * 20 * 4), width: 20, height: 20 };
  const made = await makeRenditions(png(clear));
  const { data } = await decode('jpeg', fileOf(made, 'picture.jpg'));
  expect(data[0]).toBeGreaterThan(250);
});

test('an SVG is served as it is, in its own proportions', async () => {
  const made = await makeRenditions(svg('<circle r="9"/>'));
  expect(made).toMatchObject({ contentType: 'image/svg+xml', width: 640, height: 480, widths: [] });
  expect(made.files.map(({ name }) => name)).toEqual(['picture.svg']);
});

test('an SVG that does not tell its size is served too', async () => {
  const made = await makeRenditions(Buffer.from('<?xml version="1.0"?><svg/>'));
  expect(made).toMatchObject({ contentType: 'image/svg+xml', widths: [] });
  expect(made).not.toHaveProperty('width');
});

test.each<[string, () => Uint8Array | Promise<Uint8Array>, RegExp]>([
  ['a text', () => Buffer.from('these are words, whatever the name of the file says'), /^not a picture/],
  ['an archive', () => Buffer.from('PK\x03\x04................................'), /^not a picture/],
  ['a video', () => isoMedia('mp42'), /^not a picture/],
  ['a TIFF', () => tiff(), /^TIFF cannot be read here: save it as JPEG or PNG/],
  ['a HEIC', () => isoMedia('heic'), /^HEIC cannot be read here: save it as JPEG/],
  ['a photo that breaks off', async () => (await jpeg(600, 400)).subarray(0, 5000), /^damaged/],
  ['a PNG that breaks off', () => png(painted(60, 40)).subarray(0, 200), /^damaged/],
  ['a WebP that breaks off', async () => (await webp(600, 400)).subarray(0, 900), /^damaged/],
  [
    'a bomb: a small file with a picture that no memory can hold',
    () => png(painted(4, 4), { width: 60_000, height: 60_000 }),
    /^60000 by 60000 pixels, more than 50 million/,
  ],
  [
    'an SVG whose entities stand for more and more',
    () => Buffer.from(`<!DOCTYPE svg [<!ENTITY a "aaaa">]>${svg('&a;')}`),
    /^an SVG with entities/,
  ],
  ['an SVG of two megabytes', () => svg(' '.repeat(2 * 1024 * 1024)), /^an SVG of more than 1 MB/],
  ['a file of 41 MB', () => Buffer.alloc(41 * 1024 * 1024), /^41 MB, more than 40/],
])('%s is refused, and the reason is told', async (_, make, reason) => {
  await expect(makeRenditions(await make())).rejects.toMatchObject({
    name: 'RefusedPicture',
    message: expect.stringMatching(reason),
  });
});

test('a moving WebP whose pictures break off is refused', async () => {
  const whole = await movingWebp(painted(60, 40), 1);
  await expect(makeRenditions(whole.subarray(0, whole.length - 300))).rejects.toThrow('damaged');
  await expect(makeRenditions(whole.subarray(0, 60))).rejects.toThrow('damaged');
});

test('after a damaged file the next picture is read', async () => {
  await expect(makeRenditions(png(painted(60, 40)).subarray(0, 200))).rejects.toThrow('damaged');
  expect(await makeRenditions(png(painted(60, 40)))).toMatchObject({ width: 60 });
});
