// Rows of the list chosen together: alone, one more with Ctrl, all up to one with Shift.
import type { Call, Host, ListRow } from '../host/host';
import type { CallListState } from './call-list.svelte';

/** More than anybody hears or saves at once. */
export const MOST_PICKED = 500;

interface Picked {
  call: Call;
  /** Where it stood in the list when it was chosen. */
  place: number;
}

export class Picks {
  #all = $state.raw<ReadonlyMap<string, Picked>>(new Map());

  constructor(
    private readonly host: Host,
    private readonly list: CallListState,
  ) {}

  /** The calls, in the list's order. */
  calls = $derived([...this.#all.values()].sort((a, b) => a.place - b.place).map((one) => one.call));

  has(guid: string): boolean {
    return this.#all.has(guid);
  }

  none(): void {
    if (this.#all.size) this.#all = new Map();
  }

  /** A row clicked. */
  async pick(
    row: ListRow,
    place: number,
    held: { ctrlKey: boolean; metaKey: boolean; shiftKey: boolean },
  ): Promise<void> {
    const { index: before, current, earlier } = this.list;
    this.list.select(row, place);
    // Rows of the search before are looked at, not chosen: the program has them no more.
    if (earlier) return;
    if (held.shiftKey && before >= 0) return this.#range(before, place);
    if (!held.ctrlKey && !held.metaKey) return this.none();
    const all = new Map(this.#all);
    // The row that was selected alone is meant as well.
    if (!all.size && current && before >= 0) all.set(current.guid, { call: current, place: before });
    if (!all.delete(row.call.guid)) all.set(row.call.guid, { call: row.call, place });
    this.#all = all;
  }

  /** The row `by` further down is chosen together with this one. */
  async extend(by: number): Promise<void> {
    const from = this.list.index;
    const place = from + by;
    if (this.list.earlier || from < 0 || place < 0 || place >= this.list.shown) return;
    await this.list.move(by);
    await this.#range(from, place);
  }

  /** All from one place to another, those not in sight too. */
  async #range(from: number, to: number): Promise<void> {
    const first = Math.min(from, to);
    const count = Math.min(MOST_PICKED, Math.abs(to - from) + 1);
    const slice = await this.host.ask('calls_slice', { from: first, count }).catch(() => null);
    const all = new Map(this.#all);
    slice?.rows.forEach(({ call }, row) => all.set(call.guid, { call, place: slice.from + row }));
    this.#all = all;
  }
}
