// The pictures of one emotion, page by page, always one page ahead of what is shown.

import type { GalleryImage, ImagePage } from '../api/types';

/** What a feed needs from outside. */
export interface FeedPorts {
  /** One page; without a cursor the first. */
  load(cursor: string | undefined): Promise<ImagePage>;
}

/** Pictures of one emotion in the server's order. */
export class Feed {
  /** All pictures handed out so far, so that a redraw shows them again. */
  readonly shown: GalleryImage[] = [];
  private cursor: string | undefined;
  private ahead: Promise<ImagePage> | undefined;
  private finished = false;

  constructor(private readonly ports: FeedPorts) {}

  /** Whether everything has been handed out. */
  get ended(): boolean {
    return this.finished;
  }

  /** The next pictures; begins to fetch those after them. A failed load throws and can be called again. */
  async next(): Promise<readonly GalleryImage[]> {
    if (this.finished) return [];
    const loading = this.ahead ?? this.ports.load(this.cursor);
    this.ahead = undefined;
    const { images, cursor } = await loading;
    this.shown.push(...images);
    this.cursor = cursor;
    if (cursor === undefined) this.finished = true;
    else this.fetchAhead(cursor);
    return images;
  }

  private fetchAhead(cursor: string): void {
    const ahead = this.ports.load(cursor);
    this.ahead = ahead;
    // The next call of next() loads again and shows its own failure.
    ahead.catch(() => {
      if (this.ahead === ahead) this.ahead = undefined;
    });
  }
}
