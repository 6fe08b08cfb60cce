// The whole workshop from empty to empty, by the commands that its documents tell, with what they say one should see.
import { formOf, LANGUAGES, MODULES } from '../../../scripts/workshop/document';
import { type Done, Workshop } from '../../../scripts/workshop/perform';

/** These print the same to the last figure, on every machine: what is made and read by a seed, and nothing of the service's. */
const isExact = ([first, second]: readonly string[]) => first === 'data' && second !== 'load';

describe.each(LANGUAGES)('the workshop in %s', (language) => {
  let workshop: Workshop;
  let done: Done[];

  beforeAll(async () => {
    workshop = await Workshop.open();
    done = await workshop.perform(language);
  });
  afterAll(() => workshop.close());

  test('every command does what it says', () => {
    expect(done.filter(({ exitCode }) => exitCode !== 0).map(({ words, told }) => [words, told])).toEqual([]);
  });

  test.each(MODULES)('%s: each command prints what the document says that one should see', (module) => {
    const shown = done.filter((step) => step.module === module && step.shown !== undefined);
    expect(shown.length).toBeGreaterThan(0);
    for (const { words, out, shown: expected = '' } of shown) {
      const form = isExact(words) ? (text: string) => text.split('\n') : formOf;
      expect({ words, printed: form(out) }).toEqual({ words, printed: form(expected) });
    }
  });

  test('nothing is left of it', async () => {
    const { told } = await workshop.call(['serve', '--dataset-group', 'workshop']);
    expect(told).toContain('workshop');
    expect(told).toContain(language === 'ko' ? '없음' : 'none');
  });
});
