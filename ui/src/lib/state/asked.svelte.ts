// Something asked of the program about one thing, as a page shows it: not here yet, here, or why not. What is here stays while
// the same is asked again, and what is told of something else comes too late.
import type { Problem } from '../host/host';
import { asProblem } from '../host/host';

export class Asked<T> {
  /** What was told last of it; null until then. */
  value = $state.raw<T | null>(null);
  /** Why the last question was not answered. */
  problem = $state.raw<Problem | null>(null);
  #about: string | null = null;
  #turn = 0;

  /** Asks about something; the newest question counts. */
  async ask(about: string, question: () => Promise<T>): Promise<void> {
    const turn = ++this.#turn;
    if (about !== this.#about) [this.#about, this.value, this.problem] = [about, null, null];
    try {
      const value = await question();
      if (turn === this.#turn) [this.value, this.problem] = [value, null];
    } catch (error) {
      if (turn === this.#turn) this.problem = asProblem(error);
    }
  }
}
