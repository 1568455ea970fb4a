import type { PoseValues } from '#common/project/studioDocument';

/** Pictures kept at a time; beyond it the oldest is released. */
const MOST_PICTURES = 200;

/** Makes small pictures of poses one after another, so that a full library never stalls the viewport, and keeps them. */
export class ThumbnailQueue {
  readonly #render: (values: PoseValues, size: number) => Promise<Blob>;
  readonly #pictures = new Map<string, Promise<string | undefined>>();
  #avatarUrl: string | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(render: (values: PoseValues, size: number) => Promise<Blob>) {
    this.#render = render;
  }

  /**
   * An object URL of the pose on the avatar; it stays valid until another avatar is asked for or 200 others
   * were. Undefined where rendering failed, which is tried again the next time.
   */
  picture(avatarUrl: string, values: PoseValues, size: number): Promise<string | undefined> {
    if (avatarUrl !== this.#avatarUrl) this.#clear(avatarUrl);
    const key = JSON.stringify([size, Object.entries(values).sort()]);
    const known = this.#pictures.get(key);
    if (known !== undefined) return known;
    const made = this.#last.then(() => this.#make(avatarUrl, key, values, size));
    this.#pictures.set(key, made);
    this.#last = made;
    this.#dropOldest();
    return made;
  }

  async #make(avatarUrl: string, key: string, values: PoseValues, size: number): Promise<string | undefined> {
    // Another avatar came while this one waited: its picture would show the wrong face.
    if (avatarUrl !== this.#avatarUrl) return undefined;
    try {
      const picture = await this.#render(values, size);
      return avatarUrl === this.#avatarUrl ? URL.createObjectURL(picture) : undefined;
    } catch {
      // A picture that cannot be made leaves its place empty; the viewport itself reports why it cannot draw.
      this.#pictures.delete(key);
      return undefined;
    }
  }

  #clear(avatarUrl: string): void {
    for (const picture of this.#pictures.values()) release(picture);
    this.#pictures.clear();
    this.#avatarUrl = avatarUrl;
  }

  #dropOldest(): void {
    for (const [key, picture] of this.#pictures) {
      if (this.#pictures.size <= MOST_PICTURES) return;
      this.#pictures.delete(key);
      release(picture);
    }
  }
}

function release(picture: Promise<string | undefined>): void {
  void picture.then((url) => {
    if (url !== undefined) URL.revokeObjectURL(url);
  });
}
