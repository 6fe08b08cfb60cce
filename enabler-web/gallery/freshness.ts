// When the list of recommendations deserves to be asked for again.

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
