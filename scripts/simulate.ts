// npm run simulate: lets random worlds live, each with the controller in them, and tells what went wrong where. The same worlds as in
// test/unit/controller, and more of them.
import { parseArgs } from 'node:util';
import { orHelp, wholeNumber } from '@emotion-gallery/local-kit/command-line';
import { live } from '../test/unit/controller/world';

const HELP = `npm run simulate -- [--from SEED] [--worlds N]

Lets random worlds live with the controller in them, and tells of each that did not end as declared.

  --from SEED   the first world (default 1)
  --worlds N    how many (default 10000)`;

const { from, worlds } = orHelp(HELP, () => {
  const options = {
    from: { type: 'string', default: '1' },
    worlds: { type: 'string', default: '10000' },
  } as const;
  const { values } = parseArgs({ options });
  return { from: wholeNumber('--from', values.from), worlds: wholeNumber('--worlds', values.worlds, 1) };
});

async function simulate(): Promise<void> {
  const startedAt = Date.now();
  let bad = 0;
  for (let seed = from; seed < from + worlds; seed += 1) {
    const complaints = await live(seed);
    if (complaints.length === 0) continue;
    bad += 1;
    console.log(`world ${seed}: ${complaints.join('; ')}`);
  }
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  console.log(`${worlds} worlds in ${seconds} seconds, ${bad} of them not as declared`);
  process.exitCode = bad === 0 ? 0 : 1;
}

simulate().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
