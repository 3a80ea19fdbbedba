// The list of calls found, as it is looked at. The program holds the calls, narrows them and puts them in order; here is
// the stretch of rows in sight and a little around it, so that a hundred thousand calls cost no more than a hundred.
import type {
  Call,
  Column,
  Facets,
  Host,
  ListMode,
  ListRow,
  ListSlice,
  ListView,
  LocalFilter,
  Mark,
  SoundFigures,
} from '../host/host';
import { ABANDONED, CALL_COLUMNS, firstDown, USUAL_CALLS } from '../call-columns';
import { lookFrom, type TableLook } from '../columns';
import { callWords } from '../call-words';
import { NOTHING_ASKED } from '../sound-words';
import type { Source } from './sources';
import { HELD, Stretches } from './stretches.svelte';

export const EMPTY_LOCAL: LocalFilter = {
  text: '',
  maxLengthSecs: null,
  fromMinute: null,
  untilMinute: null,
  direction: null,
  answered: 'any',
  outcome: '',
  legOutcome: '',
  cause: '',
  legAgent: '',
  heard: 'any',
  flagged: false,
  number: '',
  ...NOTHING_ASKED,
};

export const narrows = (filter: LocalFilter): boolean => {
  const empty = Object.entries(EMPTY_LOCAL) as [keyof LocalFilter, unknown][];
  return empty.some(([key, none]) => filter[key] !== none);
};

/** How the list is looked at, kept from one start to the next. */
export interface CallsLook extends TableLook {
  sort: Column;
  down: boolean;
  /** The player is a strip: the list has the room. */
  playerFolded: boolean;
}

export function callsLookFrom(kept: unknown): CallsLook {
  const view = (typeof kept === 'object' && kept !== null ? kept : {}) as Record<string, unknown>;
  const sort = CALL_COLUMNS.find((one) => one.id === view.sort)?.id ?? 'time';
  const down = typeof view.down === 'boolean' ? view.down : firstDown(sort);
  const playerFolded = view.playerFolded === true;
  return { ...lookFrom(kept, CALL_COLUMNS, USUAL_CALLS), sort, down, playerFolded };
}

const NO_FACETS: Facets = { campaigns: [], agents: [], outcomes: [], legOutcomes: [], causes: [] };

export class CallListState {
  look = $state.raw<CallsLook>(callsLookFrom(null));
  mode = $state<ListMode>('calls');
  filter = $state.raw<LocalFilter>({ ...EMPTY_LOCAL });
  /** Calls fetched, and those of them shown. */
  total = $state(0);
  shown = $state(0);
  /** Left out only because what can be heard of them is not known. */
  unjudged = $state(0);
  facets = $state.raw<Facets>(NO_FACETS);
  selected = $state<string | null>(null);
  /** Place of the selected call among those shown; -1 when it is not. */
  index = $state(-1);
  current = $state.raw<Call | null>(null);
  /** The rows are those of the search before: of the one under way nothing is here yet. */
  earlier = $state(false);
  /** Counts up when the rows of another search take the place of those before. */
  begun = $state(0);
  /** Counts up with every other order or choice of rows. */
  revision = $state(0);

  /** What narrows the list as it is looked at: an abandoned call is never an answered one. */
  applied = $derived<LocalFilter>(
    this.mode === 'abandoned' ? { ...this.filter, answered: 'any' } : this.filter,
  );

  columns = $derived(this.mode === 'abandoned' ? ABANDONED : this.look.columns);
  /** Counts up when the row selected is to be brought into sight. */
  sought = $state(0);

  /** The calls shown, in their order; those nobody answered are passed over. */
  readonly source: Source = {
    kind: 'calls',
    beside: async (call, by) => {
      let place = call && (await this.place(call.guid));
      place ??= this.index;
      for (let row = place + by; row >= 0 && row < this.shown; row += by) {
        const next = (await this.at(row))?.call;
        if (!next) return null;
        if (next.answered) return next;
      }
      return null;
    },
    show: (call) => {
      if (this.selected === call.guid) return;
      this.selected = call.guid;
      this.current = call;
      void this.seek(call.guid);
    },
  };

  #turn = 0;
  /** The search that began has something to show, or is over. */
  #ripe = false;
  #asking: Promise<void> | null = null;
  #again = false;
  readonly #rows: Stretches<ListRow>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: Host,
    private readonly keep: (look: CallsLook) => void = () => undefined,
    private readonly onrows: (guids: string[]) => void = () => undefined,
  ) {
    this.#rows = new Stretches(
      (from, count) => this.#ask(from, count),
      () => this.shown,
    );
  }

  /** Rows held where the list is looked at. */
  get held(): ListRow[] {
    return this.#rows.here.rows;
  }

  /** The row at a place, when it is held. */
  row(place: number): ListRow | undefined {
    return this.#rows.row(place);
  }

  #heldRow(guid: string): ListRow | undefined {
    for (const { rows } of this.#rows.all) {
      const row = rows.find((one) => one.call.guid === guid);
      if (row) return row;
    }
    return undefined;
  }

  #view(): ListView {
    const { sort, down } = this.look;
    return {
      mode: this.mode,
      filter: this.applied,
      sort,
      down,
      columns: [...this.columns] as Column[],
      words: callWords(),
    };
  }

  /** Has the program look at it like this; the first rows come back. */
  async apply(): Promise<void> {
    const turn = ++this.#turn;
    const slice = await this.host.ask('calls_view', { view: this.#view(), count: HELD }).catch(() => null);
    if (!slice || turn !== this.#turn) return;
    const taken = this.#take(slice);
    // Another order has other rows where the list is looked at.
    this.#rows.want();
    await taken;
  }

  async #take(slice: ListSlice): Promise<void> {
    if (this.earlier) {
      // Asked before anything of the new search was there: those before stay until then.
      if (!this.#ripe) return;
      this.#clear();
    }
    const other = slice.revision !== this.revision || slice.total !== this.total;
    this.total = slice.total;
    this.shown = slice.shown;
    this.unjudged = slice.unjudged;
    this.revision = slice.revision;
    this.#rows.take({ from: slice.from, rows: this.#same(slice.rows) }, other);
    this.onrows(slice.rows.map((row) => row.call.guid));
    const here = slice.rows.findIndex((row) => row.call.guid === this.selected);
    if (here >= 0) {
      this.index = slice.from + here;
      this.current = slice.rows[here]?.call ?? null;
    } else if (other && this.selected !== null) {
      const guid = this.selected;
      const place = await this.host.ask('calls_place', { guid }).catch(() => null);
      if (this.selected === guid) this.index = place ?? -1;
    }
  }

  /** Rows that are as they were stay the same objects: what shows them is not drawn again. */
  #same(rows: ListRow[]): ListRow[] {
    const before = new Map(this.#rows.all.flatMap((one) => one.rows.map((row) => [row.call.guid, row])));
    return rows.map((row) => {
      const known = before.get(row.call.guid);
      return known && JSON.stringify(known) === JSON.stringify(row) ? known : row;
    });
  }

  /** The rows from one place to another can be seen. */
  sight(first: number, last: number): void {
    this.#rows.look(first, last);
  }

  #fetch(): Promise<void> {
    // One question at a time; what changed meanwhile is asked after it.
    this.#again = this.#asking !== null;
    this.#asking ??= this.#fetchAll().finally(() => (this.#asking = null));
    return this.#asking;
  }

  async #fetchAll(): Promise<void> {
    do {
      this.#again = false;
      await this.#rows.again();
    } while (this.#again);
  }

  async #ask(from: number, count: number): Promise<void> {
    const turn = this.#turn;
    const slice = await this.host.ask('calls_slice', { from, count }).catch(() => null);
    if (slice && turn === this.#turn) void this.#take(slice);
  }

  /** More calls arrived: they are shown soon, not each page on its own. */
  async grew(now = false): Promise<void> {
    if (now) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      void this.learnFacets();
      await this.#fetch();
      return;
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#fetch();
    }, 250);
  }

  async learnFacets(): Promise<void> {
    this.facets = (await this.host.ask('calls_facets', {}).catch(() => null)) ?? NO_FACETS;
  }

  /** Narrows what is shown. */
  narrow(parts: Partial<LocalFilter>): Promise<void> {
    this.filter = { ...this.filter, ...parts };
    return this.apply();
  }

  setMode(mode: ListMode): Promise<void> {
    this.mode = mode;
    return this.apply();
  }

  change(look: Partial<CallsLook>): void {
    const before = this.look;
    this.look = { ...before, ...look };
    this.keep(this.look);
    const other =
      this.look.sort !== before.sort ||
      this.look.down !== before.down ||
      this.look.columns.join() !== before.columns.join();
    if (other) void this.apply();
  }

  sortBy(sort: Column): void {
    const down = this.look.sort === sort ? !this.look.down : firstDown(sort);
    this.change({ sort, down });
  }

  select(row: ListRow, place: number): void {
    this.selected = row.call.guid;
    this.current = row.call;
    this.index = place;
  }

  /** The call at a place, fetched when it is not held. */
  async at(place: number): Promise<ListRow | null> {
    const held = this.row(place);
    if (held || place >= this.shown) return held ?? null;
    const slice = await this.host.ask('calls_slice', { from: place, count: 1 }).catch(() => null);
    return slice?.rows[0] ?? null;
  }

  /** The row `by` further down, inside the list; gives back the call now selected. */
  async move(by: number): Promise<Call | null> {
    if (!this.shown) return null;
    const from = this.index < 0 ? (by > 0 ? -1 : 0) : this.index;
    const place = Math.min(this.shown - 1, Math.max(0, from + by));
    // At once, so that a key held down goes on from here.
    this.index = place;
    const row = await this.at(place);
    if (row && this.index === place) this.select(row, place);
    return row?.call ?? null;
  }

  /** Where a call stands among those shown; `null` when it does not. */
  async place(guid: string): Promise<number | null> {
    for (const { from, rows } of this.#rows.all) {
      const here = rows.findIndex((row) => row.call.guid === guid);
      if (here >= 0) return from + here;
    }
    return this.host.ask('calls_place', { guid }).catch(() => null);
  }

  /** Selects a call and brings its row into sight; gives whether it is shown. */
  async seek(guid: string): Promise<boolean> {
    const place = await this.place(guid);
    const row = place === null ? null : await this.at(place);
    if (place === null || !row) return false;
    this.select(row, place);
    this.sought += 1;
    return true;
  }

  /** Rows shown, all or only these, as lines of text with titles. */
  text(columns: Column[], titles: string[], only: string[]): Promise<string> {
    return this.host.ask('calls_text', { columns, titles, only });
  }

  /** What can be heard of a call whose row is held; `null` when that is not known. */
  sound(guid: string): SoundFigures | null {
    return this.#heldRow(guid)?.mark.sound ?? null;
  }

  /** A mark changed, wherever that was. */
  mark(mark: Mark): void {
    if (!this.#heldRow(mark.guid)) return;
    this.#rows.change((row) => (row.call.guid === mark.guid ? { ...row, mark } : row));
  }

  /** Another search begins: what was found before stays in sight, and is said to be of before. */
  begin(): void {
    this.#turn += 1;
    this.#ripe = false;
    this.earlier = this.shown > 0;
    if (!this.earlier) this.#clear();
  }

  /** The search that began has its first calls, or is over without any. */
  async arrived(): Promise<void> {
    this.#ripe = true;
    // Another search is looked at from its top.
    if (this.earlier) this.#rows.toTop();
    const turn = this.#turn;
    await this.grew(true);
    // What it found cannot be had: that of before is not it either.
    if (this.earlier && turn === this.#turn) this.#clear();
  }

  #clear(): void {
    this.earlier = false;
    this.begun += 1;
    this.#rows.clear();
    this.total = this.shown = this.unjudged = 0;
    this.index = -1;
  }
}
