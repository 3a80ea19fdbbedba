// Which rows of a long list are held here, and which are asked for next: those in sight now before all else, and those
// where the list is going, so that they are here when it is.
//
// A list taken by its bar is elsewhere in every frame, and an answer takes one or two: rows asked for where it is come too
// late for that place. Left out: what a row is, and who answers.

/** Rows asked for at once: those in sight, and enough around them for a while of scrolling. */
export const HELD = 240;
/** Stretches kept: the one in sight, and those to come or gone. */
const KEPT = 4;
/** Questions on their way for what is in sight: when it went elsewhere meanwhile, the new place does not wait for the old. */
const MOST_NOW = 2;
/** Steps that tell how fast it goes. */
const STEPS = 4;
/** Rows asked for ahead at most, where it goes now fast, now slow. */
const MOST_AHEAD = 480;
/** Rows beside those in sight where more make no sense: it is elsewhere in the next frame. */
const BESIDE = 8;
/** So many rows before the end of what is held the next are asked for. */
const MARGIN = 60;
/** An answer that takes more frames than this is not waited for at the place it is expected at. */
const MOST_LATE = 4;

export interface Stretch<Row> {
  from: number;
  rows: Row[];
}

/** Places from the first to before the last. */
interface Asked {
  from: number;
  end: number;
  /** For what is in sight, or for what will be. */
  now: boolean;
  /** How often the list had been looked at. */
  looks: number;
}

export class Stretches<Row> {
  /** The one in sight, or seen last, before the others. */
  #kept = $state.raw<Stretch<Row>[]>([]);
  #sight: readonly [number, number] = [0, 40];
  /** Rows the list went in the last frames, as long as it goes one way. */
  #steps: readonly number[] = [];
  #looks = 0;
  /** Frames an answer takes: what the last ones took, the longest of them slowly forgotten. */
  #late = 1;
  #asked = new Set<Asked>();

  constructor(
    /** Asks for rows, and takes them where they are still of use. */
    private readonly ask: (from: number, count: number) => Promise<void>,
    /** How many there are. */
    private readonly count: () => number,
  ) {}

  /** The stretch in sight, or seen last. */
  get here(): Stretch<Row> {
    return this.#kept[0] ?? { from: 0, rows: [] };
  }

  get all(): readonly Stretch<Row>[] {
    return this.#kept;
  }

  row(place: number): Row | undefined {
    for (const { from, rows } of this.#kept) {
      const row = rows[place - from];
      if (row !== undefined) return row;
    }
    return undefined;
  }

  /** The rows from one place to another can be seen. */
  look(first: number, last: number): void {
    const step = first - this.#sight[0];
    if (step !== 0) this.#steps = [step, ...this.#steps.filter((one) => one * step > 0)].slice(0, STEPS);
    this.#sight = [first, last];
    this.#looks += 1;
    const within = this.#kept.findIndex(({ from, rows }) => from <= first && last < from + rows.length);
    // What is in sight is the last to be let go.
    const [one] = within > 0 ? this.#kept.slice(within) : [];
    if (one) this.#kept = [one, ...this.#kept.filter((other) => other !== one)];
    this.want();
  }

  /** Nothing is held, and the list is looked at from its top. */
  clear(): void {
    this.#sight = [0, 40];
    this.#steps = [];
    this.#kept = [];
  }

  /** It will be looked at from its top; what is held stays until then. */
  toTop(): void {
    this.#sight = [0, 40];
    this.#steps = [];
  }

  /** Rows arrived; `other`: of another order or choice, so that those held are nothing any more. */
  take(stretch: Stretch<Row>, other: boolean): void {
    const end = stretch.from + stretch.rows.length;
    const kept = other
      ? []
      : this.#kept.filter(({ from, rows }) => from < stretch.from || from + rows.length > end);
    const [first, last] = this.#sight;
    const inSight = first < end && last >= stretch.from;
    const all = inSight ? [stretch, ...kept] : [...kept.slice(0, 1), stretch, ...kept.slice(1)];
    if (all.length > KEPT) all.splice(this.#farthest(all), 1);
    this.#kept = all;
  }

  /** Which stretch is the last one needed: it lies far behind, or else far ahead. */
  #farthest(all: readonly Stretch<Row>[]): number {
    const speed = this.#speed();
    const far = all.map(({ from, rows }) => {
      const by = from + rows.length / 2 - this.#sight[0];
      return by * speed < 0 ? 2 * this.count() + Math.abs(by) : Math.abs(by);
    });
    // The first is the one in sight.
    return far.indexOf(Math.max(...far.slice(1)), 1);
  }

  /** Puts another row in the place of those it is about. */
  change(change: (row: Row) => Row): void {
    this.#kept = this.#kept.map(({ from, rows }) => ({ from, rows: rows.map(change) }));
  }

  /** Asks for what is in sight, whether it is here or not: it may be other rows now. */
  async again(): Promise<void> {
    await this.#send(true, this.#around(this.#sight, HELD));
  }

  /** Asks for what is missing: of what is in sight, then of where that will be. */
  want(): void {
    for (;;) {
      const speed = this.#speed();
      const now = [...this.#asked].filter((one) => one.now).length;
      // A place passed in one frame is there for nobody: of those one is asked for, in case it stays.
      const next =
        speed !== 0 && this.#asked.size - now < Math.max(1, Math.ceil(this.#late)) ? this.#next(speed) : null;
      if (now < (speed === 0 ? MOST_NOW : 1) && this.#missing(...this.#sight)) {
        void this.#send(true, this.#now(speed));
      } else if (next) {
        void this.#send(false, next);
      } else {
        return;
      }
    }
  }

  async #send(now: boolean, [from, count]: readonly [number, number]): Promise<void> {
    const asked = { from, end: from + count, now, looks: this.#looks };
    this.#asked.add(asked);
    try {
      await this.ask(from, count);
    } finally {
      this.#asked.delete(asked);
      this.#late = Math.min(MOST_LATE, Math.max(this.#looks - asked.looks, this.#late - 1 / 8));
      // It has been elsewhere meanwhile, and then there may have been no room for a question.
      if (this.#looks !== asked.looks) this.want();
    }
  }

  /** Rows it goes in a frame; 0 where nobody can say: one jump tells nothing of the next. */
  #speed(): number {
    const steps = this.#steps;
    return steps.length > 1 ? steps.reduce((sum, step) => sum + step, 0) / steps.length : 0;
  }

  #now(speed: number): readonly [number, number] {
    const [first, last] = this.#sight;
    return this.#around(this.#sight, Math.abs(speed) > HELD / 2 ? last - first + 1 + 2 * BESIDE : HELD);
  }

  /** Where the list will be when an answer comes, if it goes on as it goes. */
  #next(speed: number): readonly [number, number] | null {
    const by = Math.sign(speed) * Math.max(Math.abs(speed) * (Math.ceil(this.#late) + 1), MARGIN);
    const ahead = Math.round(by);
    const place = this.#within(this.#sight[0] + ahead, this.#sight[1] + ahead);
    // It may be as far off as its steps differ, for each frame until then.
    const off = (Math.max(...this.#steps) - Math.min(...this.#steps)) * (Math.ceil(this.#late) + 1);
    const fast = Math.abs(speed) > HELD / 2;
    const count = fast ? Math.min(MOST_AHEAD, place[1] - place[0] + 1 + MARGIN + 2 * off) : HELD;
    return this.#missing(...place) ? this.#around(place, count) : null;
  }

  #within(first: number, last: number): [number, number] {
    const over = Math.max(0, last - Math.max(0, this.count() - 1));
    return [Math.max(0, first - over), Math.max(0, last - over)];
  }

  /** Whether any row from one place to another is neither here nor on its way. */
  #missing(first: number, last: number): boolean {
    const end = Math.min(last + 1, this.count());
    for (let place = first; place < end; place += 1) {
      if (this.row(place) !== undefined) continue;
      let coming = false;
      for (const { from, end } of this.#asked) coming ||= from <= place && place < end;
      if (!coming) return true;
    }
    return false;
  }

  #around([first, last]: readonly [number, number], count: number): readonly [number, number] {
    return [Math.max(0, Math.floor((first + last + 1) / 2 - count / 2)), count];
  }
}
