// Runs tasks one after the other.

export class Queue {
  private tail: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as `task` does; a failure does not stop the ones behind it. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.tail.then(task);
    this.tail = turn.catch(() => undefined);
    return turn;
  }
}
