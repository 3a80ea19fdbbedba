// A long list that the program holds, as it is looked at: the stretch of rows in sight and a little around it, and the row
// the keys are on. Left out on purpose: what the rows are, and choosing several of them.
import type { Problem } from '../host/host';
import { asProblem } from '../host/host';

/** Rows held around those in sight. */
const HELD = 240;

export interface Slice<T> {
  total: number;
  rows: T[];
}

export class Slices<T> {
  total = $state(0);
  /** Rows held, and where they begin. */
  from = $state(0);
  held = $state.raw<T[]>([]);
  /** Place of the row the keys are on; -1 before one was chosen. */
  active = $state(-1);
  /** It was read at least once. */
  ready = $state(false);
  problem = $state.raw<Problem | null>(null);
  #sight: [number, number] = [0, 40];
  #turn = 0;
  #asking: Promise<void> | null = null;
  #again = false;

  constructor(private readonly ask: (from: number, count: number) => Promise<Slice<T> | null>) {}

  /** The row at a place, when it is held. */
  row = (place: number): T | undefined => this.held[place - this.from];

  /** Another list: read from its beginning. */
  async restart(): Promise<void> {
    this.#turn += 1;
    this.#sight = [0, 40];
    this.active = -1;
    this.#asking = null;
    await this.refresh();
  }

  /** Reads the rows in sight again. */
  refresh(): Promise<void> {
    // One question at a time; what changed meanwhile is asked after it.
    this.#again = this.#asking !== null;
    this.#asking ??= this.#fetch(this.#turn);
    return this.#asking;
  }

  /** There is nothing to read. */
  clear(): void {
    this.#turn += 1;
    this.#asking = null;
    [this.held, this.from, this.total, this.active, this.ready] = [[], 0, 0, -1, false];
  }

  /** The rows from one place to another can be seen. */
  sight = (first: number, last: number): void => {
    this.#sight = [first, last];
    const end = this.from + this.held.length;
    const inside = first >= this.from && (last < end || end >= this.total);
    if (!inside) void this.refresh();
  };

  /** The keys go to the row `by` further down. */
  move(by: number): void {
    if (!this.total) return;
    const from = this.active < 0 && by < 0 ? this.total : this.active;
    this.active = Math.max(0, Math.min(this.total - 1, from + by));
  }

  async #fetch(turn: number): Promise<void> {
    do {
      this.#again = false;
      const [first, last] = this.#sight;
      const from = Math.max(0, Math.floor((first + last) / 2 - HELD / 2));
      try {
        const slice = await this.ask(from, HELD);
        if (turn !== this.#turn) return;
        if (slice) [this.total, this.from, this.held] = [slice.total, from, slice.rows];
        [this.ready, this.problem] = [true, null];
      } catch (error) {
        if (turn !== this.#turn) return;
        this.problem = asProblem(error);
      }
    } while (this.#again);
    this.#asking = null;
  }
}
