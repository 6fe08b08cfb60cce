// `npm start` from its options to the running whole.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type AwsEndpoint, createAwsEndpoint } from '@emotion-gallery/aws-local';
import { RealClock } from '@emotion-gallery/personalize-local';
import { ACCOUNT_ID, REGION } from './account';
import { deploy } from './deploy';
import { LogFile } from './log-file';
import { networkAddress } from './network';
import type { StartOptions } from './options';
import { describeReady, makeOperatorLink, writeReady } from './ready';
import { Steps } from './steps';

export interface RunProps {
  readonly root: string;
  readonly options: StartOptions;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (line: string) => void;
  /** Aborted when the person stops the start. */
  readonly signal: AbortSignal;
  /** Whether somebody sits in front of the terminal. */
  readonly interactive: boolean;
}

function openBrowser(url: string): void {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open';
  // On a machine without a desktop there is nothing to open; the address is printed anyway.
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

/**
 * Nobody waits a minute for a training that takes a second. Not as fast as Amazon Personalize's life cycles: a model is really
 * trained, and what has a time limit of an hour has a minute here.
 */
const FASTEST_STATES = 60;

async function openEndpoint(props: RunProps, stateDir: string): Promise<AwsEndpoint> {
  const log = new LogFile(join(stateDir, 'aws.log'));
  return createAwsEndpoint({
    stateDir,
    fresh: props.options.fresh,
    region: REGION,
    accountId: ACCOUNT_ID,
    awsPort: props.options.awsPort,
    sitePort: props.options.sitePort,
    hosts: props.options.hosts,
    siteAddress: props.options.lan ? networkAddress() : undefined,
    clock: new RealClock(1),
    personalizeClock: new RealClock(props.options.speed),
    retiredRecipes: props.options.retiredRecipes,
    statesClock: new RealClock(Math.max(1, Math.min(props.options.speed, FASTEST_STATES))),
    log: (line) => log.write(line),
  });
}

/** Resolves when everything is up; closing the returned endpoint ends it. Rejects with what went wrong, everything closed. */
export async function runStart(props: RunProps): Promise<AwsEndpoint> {
  const { options, print, root } = props;
  const stateDir = resolve(root, options.state);
  const steps = new Steps(print);
  const endpoint = await openEndpoint(props, stateDir);
  // It was of an earlier start; what waits for it waits for this one.
  rmSync(join(stateDir, 'ready.json'), { force: true });
  try {
    steps.done(`AWS endpoint on ${endpoint.endpoint}`);
    const outputs = await deploy({
      root,
      stateDir,
      access: endpoint,
      context: options.context,
      environment: props.environment,
      signal: props.signal,
      onStep: (step) => {
        if (step.kind === 'synthesized') steps.done('stacks synthesized', step.seconds);
        else if (step.kind === 'done') steps.done(`${step.stack}${step.changed ? '' : ' (no changes)'}`);
        else if (step.kind === 'resource-failed') steps.failed(step.text);
      },
    });
    const ready = {
      siteUrl: endpoint.siteUrl,
      awsEndpoint: endpoint.endpoint,
      credentials: endpoint.credentials,
      region: REGION,
      accountId: ACCOUNT_ID,
      operatorLink: await makeOperatorLink(endpoint, outputs),
      outputs,
    };
    writeReady(stateDir, ready);
    print(describeReady(ready));
    print(`ready: ${ready.siteUrl}/enabler.html (${steps.total.toFixed(1)} s)`);
    if (options.open && props.interactive) openBrowser(`${ready.siteUrl}/enabler.html`);
    return endpoint;
  } catch (error) {
    await endpoint.close();
    throw error;
  }
}
