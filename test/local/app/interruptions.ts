// Starts of the app that are interrupted at every step of the deployment, or anywhere in a training, by whatever ends a process.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = resolve(__dirname, '../../..');
const SIGNALS = ['SIGKILL', 'SIGINT', 'SIGTERM'] as const;
const STEPS_OF_DEPLOYMENT = 8;
/** A step takes a second or two; the signal comes anywhere in it. */
const STEP_MS = 1500;

export interface Interruption {
  readonly signal: NodeJS.Signals;
  /** The step after which the signal came. */
  readonly step: string;
  readonly exit: number | NodeJS.Signals | null;
  /** What was printed that is no step. */
  readonly said: string;
}

export interface InterruptionsProps {
  readonly stateDir: string;
  readonly rounds: number;
  /** The signal comes this long after the endpoint is up, or sooner. @default - a step of the deployment later each round */
  readonly withinMs?: number;
  /** Awaited when a start is ready, before the signal comes. */
  readonly onReady?: () => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly onRound?: (interruption: Interruption) => void;
}

function start(stateDir: string): ChildProcess {
  const script = join(ROOT, 'local/start.ts');
  const options = ['--no-open', `--state=${stateDir}`, '--aws-port=0', '--site-port=0'];
  return spawn(process.execPath, ['--conditions=source', '--import', 'tsx', script, ...options], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Command lines of processes that have to do with the folder. */
export function processesOf(stateDir: string): string[] {
  const table = execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' });
  return table.split('\n').filter((line) => line.includes(stateDir));
}

async function interrupt(
  { stateDir, random, withinMs = STEP_MS, onReady }: InterruptionsProps,
  signal: NodeJS.Signals,
  steps: number,
): Promise<Interruption> {
  const child = start(stateDir);
  const seen: string[] = [];
  const said: string[] = [];
  const delay = random() * withinMs;
  const end = () => setTimeout(() => child.kill(signal), delay);
  let failure: unknown;
  const read = (line: string) => {
    if (!line.startsWith('  ✔')) {
      said.push(line);
      if (!line.startsWith('ready:')) return;
      if (onReady)
        void onReady()
          .catch((error: unknown) => {
            failure = error;
          })
          .then(end);
      else if (seen.length < steps) end();
      return;
    }
    seen.push(line.replace(/^ +✔ (.*?) +[\d.]+ s$/, '$1'));
    if (!onReady && seen.length === steps) end();
  };
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', read);
  }
  const exit = await new Promise<Interruption['exit']>((done) => {
    child.once('close', (code, by) => done(code ?? by));
  });
  if (failure) throw failure;
  return { signal, step: seen.at(-1) ?? 'nothing', exit, said: said.join('\n') };
}

/** What a start said that must not be said after an interruption. */
export const hasFailed = ({ said }: Pick<Interruption, 'said'>): boolean =>
  /deployment failed|Error/.test(said);

/**
 * Interrupts one start after the other: each a step later than the one before, and from the beginning again when all steps were had; where
 * it begins is left to chance.
 * Nothing that has to do with the folder runs on after a round.
 */
export async function interruptStarts(props: InterruptionsProps): Promise<Interruption[]> {
  const interruptions: Interruption[] = [];
  const first = Math.floor(props.random() * STEPS_OF_DEPLOYMENT * SIGNALS.length);
  for (let round = first; round < first + props.rounds; round += 1) {
    const steps = props.withinMs === undefined ? 1 + (round % STEPS_OF_DEPLOYMENT) : 1;
    const signal = SIGNALS[round % SIGNALS.length] ?? 'SIGKILL';
    const interruption = await interrupt(props, signal, steps);
    interruptions.push(interruption);
    props.onRound?.(interruption);
    while (processesOf(props.stateDir).length > 0) await sleep(50);
  }
  return interruptions;
}
