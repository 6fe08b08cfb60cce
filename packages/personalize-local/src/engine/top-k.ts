// The k best of n scores without sorting n.

// Own copy: a global is looked up anew in every turn of a loop where modules run in a sandbox (tests).
const isMissing = Number.isNaN;

/**
 * Indices of the `k` highest scores that `accept` lets through, best first; equal scores in index order, so the answer
 * is deterministic. `accept` is asked only for entries that would make it into the list. NaN scores never do.
 */
export function topK(
  scores: ArrayLike<number>,
  k: number,
  accept: (index: number) => boolean = () => true,
): Int32Array {
  const limit = Math.min(k, scores.length);
  const heap = new Int32Array(Math.max(0, limit));
  let size = 0;
  const worse = (a: number, b: number) => scores[a]! < scores[b]! || (scores[a] === scores[b] && a > b);
  const siftDown = (from: number) => {
    let parent = from;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= size) return;
      if (child + 1 < size && worse(heap[child + 1]!, heap[child]!)) child++;
      if (!worse(heap[child]!, heap[parent]!)) return;
      const kept = heap[parent]!;
      heap[parent] = heap[child]!;
      heap[child] = kept;
      parent = child;
    }
  };
  if (limit <= 0) return heap;
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index]!;
    if (isMissing(score)) continue;
    if (size < limit) {
      if (!accept(index)) continue;
      heap[size++] = index;
      if (size === limit) for (let p = (size >> 1) - 1; p >= 0; p--) siftDown(p);
    } else if (score > scores[heap[0]!]! && accept(index)) {
      heap[0] = index;
      siftDown(0);
    }
  }
  return heap.subarray(0, size).sort((a, b) => scores[b]! - scores[a]! || a - b);
}
