// When the list of recommendations deserves to be asked for again, and what became new in it.

/** Likes after which the list is asked for again. */
export const LIKES_PER_REFRESH = 3;

/** Counts the saved likes since the shown list was made. */
export class Freshness {
  private likes = 0;

  /** Notes saved likes; returns whether it is time to ask again, at each third like. */
  note(saved: number): boolean {
    const before = Math.floor(this.likes / LIKES_PER_REFRESH);
    this.likes += saved;
    return Math.floor(this.likes / LIKES_PER_REFRESH) > before;
  }

  /** Likes since the shown list was made. */
  get count(): number {
    return this.likes;
  }

  restart(): void {
    this.likes = 0;
  }
}

/** The item ids that the new list has and the old one had not. */
export function newcomers(before: readonly string[], after: readonly string[]): ReadonlySet<string> {
  const known = new Set(before);
  return new Set(after.filter((itemId) => !known.has(itemId)));
}
