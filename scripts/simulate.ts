// npm run simulate: lets random worlds live, each with the controller in them, and tells what went wrong where. The same worlds as in
// test/unit/controller, and more of them.
import { parseArgs } from 'node:util';
import { live } from '../test/unit/controller/world';

const USAGE = `npm run simulate -- [--from SEED] [--worlds N]

  --from SEED   the first world (default 1)
  --worlds N    how many (default 10000)
`;

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    worlds: { type: 'string', default: '10000' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
} else {
  const [from, worlds] = [Number(values.from), Number(values.worlds)];
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
