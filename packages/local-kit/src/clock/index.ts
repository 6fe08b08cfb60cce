// Time for servers on localhost: wall clock, faster than the wall clock, or moved by a test.
export type { Cancel, Clock } from './clock';
export { ManualClock } from './manual-clock';
export { RealClock } from './real-clock';
