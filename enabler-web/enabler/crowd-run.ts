// A crowd under way in this page: started, watched, stopped; it goes on when the page is drawn anew.

import { type CrowdPlan, type CrowdPorts, type CrowdProgress, sendCrowd } from './crowd';

/** Where the crowd is. */
export type CrowdState =
  | { readonly kind: 'idle' }
  | ({ readonly kind: 'running'; readonly plan: CrowdPlan } & CrowdProgress)
  | ({ readonly kind: 'done' | 'stopped' } & CrowdProgress)
  | ({ readonly kind: 'failed'; readonly reason: string } & CrowdProgress);

/** Thrown inside a crowd that is told to stop. */
class Stopped extends Error {}

/** The crowd of this page, one at a time. */
export class CrowdRun {
  state: CrowdState = { kind: 'idle' };
  private stopped = false;
  private watcher: (state: CrowdState) => void = () => undefined;

  constructor(private readonly ports: Omit<CrowdPorts, 'sleep' | 'onProgress'>) {}

  /** Shows the state now and after every change; a later call replaces an earlier one's. */
  show(watcher: (state: CrowdState) => void): void {
    this.watcher = watcher;
    watcher(this.state);
  }

  private become(state: CrowdState): void {
    this.state = state;
    this.watcher(state);
  }

  stop(): void {
    this.stopped = true;
  }

  /** Starts a crowd unless one is running. */
  start(plan: CrowdPlan): void {
    if (this.state.kind === 'running') return;
    this.stopped = false;
    void this.run(plan);
  }

  private async run(plan: CrowdPlan): Promise<void> {
    let sent: CrowdProgress = { people: 0, likes: 0 };
    this.become({ kind: 'running', plan, ...sent });
    try {
      await sendCrowd(plan, {
        ...this.ports,
        sleep: (ms) => this.sleep(ms),
        onProgress: (progress) => {
          sent = progress;
          this.become({ kind: 'running', plan, ...sent });
        },
      });
      this.become({ kind: 'done', ...sent });
    } catch (error) {
      if (error instanceof Stopped) this.become({ kind: 'stopped', ...sent });
      else
        this.become({
          kind: 'failed',
          reason: error instanceof Error ? error.message : String(error),
          ...sent,
        });
    }
  }

  /** Sleeps in short naps so that a stop takes effect soon, whatever the pause. */
  private async sleep(ms: number): Promise<void> {
    for (let left = ms; ; left -= 200) {
      if (this.stopped) throw new Stopped();
      if (left <= 0) return;
      await new Promise((resolve) => setTimeout(resolve, Math.min(200, left)));
    }
  }
}
