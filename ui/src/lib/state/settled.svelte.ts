// What a costly view follows: each choice at once, but those of a held key only where it rests. Whoever runs through a list is
// not shown every call on the way, nor is anything asked about them.

/** Choices closer together than this are of one movement; a held key repeats faster, fingers hardly do. */
export const REST_MS = 120;

export class Settled<T extends { guid: string }> {
  value = $state.raw<T | null>(null);
  /** A movement is under way: what is shown is not what is chosen. */
  moving = $state(false);
  #next: T | null = null;
  #atMs = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** This is chosen now. */
  follow(next: T | null): void {
    const other = next?.guid !== this.#next?.guid;
    this.#next = next;
    if (!other) {
      // The same, told anew.
      if (!this.moving) this.value = next;
      return;
    }
    const now = performance.now();
    const quick = now - this.#atMs < REST_MS;
    this.#atMs = now;
    if (!quick || !next || next.guid === this.value?.guid) return this.now();
    this.moving = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.now(), REST_MS);
  }

  /** Whoever does something with what is shown means what is chosen. */
  now(): void {
    clearTimeout(this.#timer);
    this.value = this.#next;
    this.moving = false;
  }
}
