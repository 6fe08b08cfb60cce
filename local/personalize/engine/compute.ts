// What a training computes with: its threads.

export interface Compute {
  close(): void;
}

export function openCompute(): Compute {
  return { close: () => {} };
}
