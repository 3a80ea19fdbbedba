// The calls found: pages merge in as they arrive, sorted rows come out, one of them is selected. Built for 100,000
// calls: a plain index by guid beside one sorted list, into which each page is merged in one pass.
import type { Call, Host, Problem, Search, SearchUpdate } from '../host/host';
import { asProblem } from '../host/host';
import { clock } from '../format';
import { Drafts } from './drafts';
import { type CallSort, checked, EMPTY_SEARCH, merge, order, period, type Wrong } from './calls-search';

export {
  type CallSort,
  dayText,
  EMPTY_SEARCH,
  numberOf,
  period,
  type Period,
  PERIODS,
  type Wrong,
} from './calls-search';

export type SearchPhase = 'idle' | 'running' | 'done' | 'cancelled' | 'failed';

const DRAFT = 'calls/search';

export class CallsState {
  /** The shortest call as typed, `m:ss`. */
  minText = $state('');
  /** Fields that could not be understood, and why. */
  wrong = $state.raw<Wrong>({});
  phase = $state<SearchPhase>('idle');
  problem = $state.raw<Problem | null>(null);
  pages = $state(0);
  legs = $state(0);
  dropped = $state(0);
  rows = $state.raw<Call[]>([]);
  sort = $state<CallSort>('time');
  down = $state(true);
  selected = $state<string | null>(null);
  /** Rows chosen together, to hear or to save. */
  picked = $state.raw<ReadonlySet<string>>(new Set());
  /** What the list on show was asked with. */
  asked = $state.raw<Search | null>(null);

  index = $derived(this.selected === null ? -1 : this.rows.findIndex((call) => call.guid === this.selected));
  current = $derived(this.rows[this.index] ?? null);
  /** The calls chosen together, in the list's order. */
  chosen = $derived(this.picked.size ? this.rows.filter((call) => this.picked.has(call.guid)) : []);
  /** Whether the rows are of more than one day. */
  manyDays = $derived(this.asked !== null && this.asked.from.slice(0, 10) !== this.asked.to.slice(0, 10));

  #search = $state<Search>({ ...EMPTY_SEARCH });
  #byGuid = new Map<string, Call>();
  #fresh: string[] = [];
  #id: number | null = null;
  #turn = 0;
  #started = false;
  readonly #drafts: Drafts;

  constructor(private readonly host: Host) {
    this.#drafts = new Drafts(host);
  }

  /** The search as it is typed. */
  get search(): Search {
    return this.#search;
  }

  set search(search: Search) {
    this.#search = { ...search };
    this.minText = search.minDurationSecs === null ? '' : clock(search.minDurationSecs);
    this.wrong = {};
  }

  /** What was being typed when the window closed, else the last search, else today. */
  async start(now: Date): Promise<void> {
    if (this.#started || this.#search.from) return;
    this.#started = true;
    // Something whole to search with at once; what was kept follows, unless somebody has begun to type.
    this.search = { ...EMPTY_SEARCH, ...period('today', now) };
    const before = JSON.stringify(this.#search) + this.minText;
    const kept = await this.#drafts.read(DRAFT);
    const draft = kept ? readDraft(kept) : null;
    const last = draft?.search ?? (await this.host.ask('calls_last_search', {}).catch(() => null));
    if (this.phase !== 'idle' || JSON.stringify(this.#search) + this.minText !== before) return;
    if (last) this.search = last;
    if (draft) this.minText = draft.minText;
  }

  /** Keeps what is typed, in case the window closes. */
  typed(): void {
    const text = JSON.stringify({ search: $state.snapshot(this.#search), minText: this.minText });
    this.#drafts.keep(DRAFT, text);
  }

  /** Sends what is typed, unless a field cannot be understood. */
  async run(): Promise<void> {
    const { search, wrong } = checked($state.snapshot(this.#search), this.minText);
    this.wrong = wrong;
    if (Object.keys(wrong).length) return;
    this.search = search;
    // The program remembers a search that was sent; the draft has done its work.
    this.#drafts.keep(DRAFT, null);
    await this.#ask(search);
  }

  /** The same search once more. */
  async retry(): Promise<void> {
    if (this.asked) await this.#ask(this.asked);
  }

  async #ask(search: Search): Promise<void> {
    const turn = ++this.#turn;
    const before = this.#id;
    this.#id = null;
    this.#byGuid.clear();
    this.#fresh = [];
    this.rows = [];
    this.picked = new Set();
    this.pages = this.legs = this.dropped = 0;
    this.problem = null;
    this.asked = search;
    this.phase = 'running';
    if (before !== null) this.host.ask('calls_cancel', { id: before }).catch(() => undefined);
    try {
      const id = await this.host.stream('calls_search', { search }, (update) => {
        // A page of the search before has nothing to say any more.
        if (turn === this.#turn) this.take(update);
      });
      if (turn !== this.#turn) {
        // Replaced before its number was known: nobody else can stop it.
        await this.host.ask('calls_cancel', { id }).catch(() => undefined);
      } else if (this.phase === 'running') this.#id = id;
      else if (this.phase === 'cancelled') await this.host.ask('calls_cancel', { id }).catch(() => undefined);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.problem = asProblem(error);
      this.phase = 'failed';
    }
  }

  take(update: SearchUpdate): void {
    switch (update.kind) {
      case 'page':
        this.#page(update.calls);
        this.pages = update.pages;
        this.legs = update.rows;
        this.dropped = update.dropped;
        break;
      case 'done':
        this.phase = 'done';
        this.#id = null;
        break;
      case 'cancelled':
        this.phase = 'cancelled';
        this.#id = null;
        break;
      case 'failed':
        this.phase = 'failed';
        this.problem = update.problem;
        this.#id = null;
        break;
    }
  }

  #page(calls: Call[]): void {
    const page = new Map<string, Call>();
    let replaced = false;
    for (const call of calls) {
      page.set(call.guid, call);
      if (this.#byGuid.has(call.guid)) replaced = true;
      else this.#fresh.push(call.guid);
      this.#byGuid.set(call.guid, call);
    }
    const kept = replaced ? this.rows.filter((call) => !page.has(call.guid)) : this.rows;
    const by = order(this.sort, this.down);
    this.rows = merge(kept, [...page.values()].sort(by), by);
  }

  /** Calls that arrived since this was asked last. */
  takeFresh(): string[] {
    return this.#fresh.splice(0);
  }

  /** Stops reading; what arrived stays. */
  async cancel(): Promise<void> {
    if (this.phase !== 'running') return;
    this.phase = 'cancelled';
    const id = this.#id;
    this.#id = null;
    if (id !== null) await this.host.ask('calls_cancel', { id }).catch(() => undefined);
  }

  sortBy(sort: CallSort): void {
    if (this.sort === sort) this.down = !this.down;
    else [this.sort, this.down] = [sort, sort === 'time' || sort === 'length'];
    this.rows = [...this.rows].sort(order(this.sort, this.down));
  }

  /** A row clicked: alone, one more (or less) with Ctrl, or all up to it with Shift. */
  pick(guid: string, held: { ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }): void {
    const to = this.rows.findIndex((call) => call.guid === guid);
    if (held.shiftKey && this.index >= 0) {
      const [first, last] = [Math.min(this.index, to), Math.max(this.index, to)];
      const range = this.rows.slice(first, last + 1).map((call) => call.guid);
      this.picked = new Set([...this.picked, ...range]);
    } else if (held.ctrlKey || held.metaKey) {
      // The row that was selected alone is meant as well.
      const picked = new Set(this.picked.size || this.selected === null ? this.picked : [this.selected]);
      if (!picked.delete(guid)) picked.add(guid);
      this.picked = picked;
    } else this.picked = new Set();
    this.selected = guid;
  }

  /** The row `by` further down is chosen together with this one. */
  extend(by: number): void {
    const next = this.rows[this.index + by];
    if (next && this.index >= 0) this.pick(next.guid, { ctrlKey: false, metaKey: false, shiftKey: true });
  }

  /** The row `by` further down, inside the list; gives back the call now selected. */
  move(by: number): Call | null {
    if (!this.rows.length) return null;
    const from = this.index < 0 ? (by > 0 ? -1 : 0) : this.index;
    const next = this.rows[Math.min(this.rows.length - 1, Math.max(0, from + by))] ?? null;
    this.selected = next?.guid ?? null;
    return next;
  }

  /** Empties the fields, the period aside: nobody means "since ever". */
  clearFields(now: Date): void {
    this.search = { ...EMPTY_SEARCH, ...period('today', now) };
    this.typed();
  }

  /** Forgets everything, at the end of a session. */
  clear(): void {
    this.#turn += 1;
    this.#id = null;
    this.#byGuid.clear();
    this.#fresh = [];
    this.#started = false;
    this.rows = [];
    this.picked = new Set();
    this.pages = this.legs = this.dropped = 0;
    this.problem = null;
    this.asked = null;
    this.phase = 'idle';
    this.selected = null;
    this.search = { ...EMPTY_SEARCH };
    this.#drafts.keep(DRAFT, null);
  }
}

function readDraft(text: string): { search: Search; minText: string } | null {
  try {
    const draft = JSON.parse(text) as { search: Partial<Search>; minText?: string };
    return { search: { ...EMPTY_SEARCH, ...draft.search }, minText: draft.minText ?? '' };
  } catch {
    return null;
  }
}
