// The controller in random worlds: failing, slow and throttled calls, lost answers, ticks that die or come twice, things deleted by hand,
// declarations that change, quotas. `npm run simulate` lets ten thousand of them live.
import { live } from './world';

const WORLDS = 60;
const PARTS = 4;

// A stack with source maps costs more than all that a call in memory does, and faults are what these worlds are full of.
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

test.each(Array.from({ length: PARTS }, (_, part) => part))(
  'in every random world the group ends as declared, or says what a person must do (part %#)',
  async (part) => {
    for (let world = 1; world <= WORLDS / PARTS; world += 1) {
      const seed = (part * WORLDS) / PARTS + world;
      expect({ seed, complaints: await live(seed) }).toEqual({ seed, complaints: [] });
    }
  },
  60_000,
);
