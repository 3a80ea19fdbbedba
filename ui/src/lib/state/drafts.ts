// Text being typed, kept with every keystroke so that no end of the program costs a word: one write at a time, in order,
// and only the newest text of each key.
import type { Host } from '../host/host';

export class Drafts {
  readonly #waiting = new Map<string, string | null>();
  #writing = false;

  constructor(private readonly host: Host) {}

  /** Keeps it; `null` forgets it. */
  keep(key: string, text: string | null): void {
    this.#waiting.set(key, text);
    if (!this.#writing) void this.#write();
  }

  /** What was kept. */
  async read(key: string): Promise<string | null> {
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) return waiting;
    return this.host.ask('draft_get', { key }).catch(() => null);
  }

  async #write(): Promise<void> {
    this.#writing = true;
    for (let [next] = this.#waiting; next; [next] = this.#waiting) {
      const [key, text] = next;
      this.#waiting.delete(key);
      // A store that cannot be written is told in Diagnostics; the text is still on the screen.
      await this.host.ask('draft_set', { key, text }).catch(() => undefined);
    }
    this.#writing = false;
  }
}
