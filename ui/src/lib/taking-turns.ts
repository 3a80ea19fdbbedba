// Elements that rows of a list take turns in. One that leaves the screen hands its own on to one that comes, which costs the
// difference between them and not a new element; whoever stays keeps theirs, wherever they go. Elements stay in the order of
// their rows, as whoever does not see them reads. Left out: what the rows are, and where they stand (`Rows`).

/** A row that is to be shown, by a name that comes once. */
export interface Shown {
  id: string | number;
}

export class TakingTurns {
  /** The element of each row that is shown, in the order they stand in. */
  #of = new Map<string | number, number>();
  #next = 0;

  /** The elements of these rows, in their order; of those `kept` nothing is handed on: somebody is in them. */
  take(rows: readonly Shown[], kept: (element: number) => boolean): number[] {
    const wanted = new Set(rows.map((row) => row.id));
    const free: number[] = [];
    for (const [id, element] of this.#of) if (!wanted.has(id) && !kept(element)) free.push(element);
    let handed = 0;
    const taken = new Map<string | number, number>();
    for (const { id } of rows) {
      taken.set(id, this.#of.get(id) ?? free[handed++] ?? this.#next++);
    }
    this.#of = taken;
    return [...taken.values()];
  }
}
