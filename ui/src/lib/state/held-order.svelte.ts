// The order rows keep while a pointer moves over them, so that nothing jumps away from under it. It ends by itself, and
// what turned red meanwhile goes where it belongs.

/** A pointer at rest holds nothing for longer. */
export const HELD_MS = 3000;

export class HeldOrder<T> {
  #held = $state.raw<{ places: ReadonlyMap<string, number>; red: ReadonlySet<string> } | null>(null);
  #at = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly key: (row: T) => string,
    private readonly red: (row: T) => boolean = () => false,
  ) {}

  get on(): boolean {
    return this.#held !== null;
  }

  /** The pointer is here, over these rows. Browsers tell of one at rest too, when what lies under it moves. */
  over(x: number, y: number, rows: readonly T[]): void {
    const at = `${x} ${y}`;
    if (at === this.#at) return;
    this.#at = at;
    this.#held ??= {
      places: new Map(rows.map((row, index) => [this.key(row), index])),
      red: new Set(rows.filter(this.red).map(this.key)),
    };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.release(), HELD_MS);
  }

  release(): void {
    clearTimeout(this.#timer);
    this.#held = null;
  }

  /** Rows that are in their order, in the order of before as far as it is held; new ones follow. */
  order(rows: T[]): T[] {
    const held = this.#held;
    if (!held) return rows;
    const place = (row: T) => held.places.get(this.key(row)) ?? Number.POSITIVE_INFINITY;
    const turned = new Set(rows.filter((row) => this.red(row) && !held.red.has(this.key(row))));
    const ordered = rows
      .map((row, index) => ({ row, index, at: place(row) }))
      .filter(({ row }) => !turned.has(row))
      .sort((a, b) => (a.at === b.at ? a.index - b.index : a.at - b.at))
      .map(({ row }) => row);
    rows.forEach((row, index) => {
      if (turned.has(row)) ordered.splice(Math.min(index, place(row)), 0, row);
    });
    return ordered;
  }
}
