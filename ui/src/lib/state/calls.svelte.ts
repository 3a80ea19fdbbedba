// A search for calls: as it is typed, as it is sent, how it goes. What it finds is the list's.
import type {
  Call,
  Host,
  ListMode,
  LocalFilter,
  Mark,
  Problem,
  Query,
  ReadQuery,
  Search,
  SearchUpdate,
} from '../host/host';
import { asProblem } from '../host/host';
import { clock } from '../format';
import { CallListState, type CallsLook, EMPTY_LOCAL, narrows } from './call-list.svelte';
import { Drafts } from './drafts';
import { checked, dated, EMPTY_SEARCH, period, type Period, type Wrong } from './calls-search';
import { Picks } from './picks.svelte';
import { queryFrom } from './saved-searches';

export {
  EMPTY_SEARCH,
  hoursOf,
  hoursText,
  numberOf,
  period,
  type Period,
  PERIODS,
  type Wrong,
} from './calls-search';

export type SearchPhase = 'idle' | 'running' | 'done' | 'cancelled' | 'failed';

/** Where what was being typed was kept, whoever typed it, and forgotten with the session. */
const EARLIER_DRAFT = 'calls/search';

export class CallsState {
  /** The shortest call as typed, `m:ss`. */
  minText = $state('');
  /** How often a number was seen, as typed. */
  timesText = $state('');
  /** Fields that could not be understood, and why. */
  wrong = $state.raw<Wrong>({});
  phase = $state<SearchPhase>('idle');
  /** How many searches were sent: what is shown, and how it goes, is of the one that has this number. */
  turn = $state(0);
  problem = $state.raw<Problem | null>(null);
  pages = $state(0);
  legs = $state(0);
  dropped = $state(0);
  /** What the list on show was asked with. */
  asked = $state.raw<Search | null>(null);
  /** Whether the numbers that called again are shown in the place of the calls. */
  callers = $state(false);
  /** Flags changed last: what undoes them. */
  flagged = $state.raw<{ guids: string[]; on: boolean } | null>(null);
  /** A call was to be shown that is not among those shown: because they are narrowed, or in no way found. */
  absent = $state<'narrowed' | 'notFound' | null>(null);
  readonly list: CallListState;
  /** Rows chosen together, to hear or to save. */
  readonly picks: Picks;

  /** The call selected, and where it stands among those shown. */
  selected = $derived.by(() => this.list.selected);
  index = $derived.by(() => this.list.index);
  current = $derived.by(() => this.list.current);
  shown = $derived.by(() => this.list.shown);
  /** Whether the rows are of more than one day. */
  manyDays = $derived(this.asked !== null && this.asked.from.slice(0, 10) !== this.asked.to.slice(0, 10));

  #search = $state<Search>({ ...EMPTY_SEARCH });
  #id: number | null = null;
  #started = false;
  /** Where what is being typed is kept: it waits for this account, and is nobody else's to read. */
  readonly #draft: string;
  /** How often something was typed. */
  #typings = 0;
  /** The call the next search is for, and the one the search under way is. */
  #wanted: string | null = null;
  #awaited: string | null = null;

  constructor(
    private readonly host: Host,
    /** The day it is where the server is, `yyyy-MM-dd`. */
    private readonly today: () => string,
    keep: (look: CallsLook) => void = () => undefined,
    onrows: (guids: string[]) => void = () => undefined,
    private readonly drafts = new Drafts(host),
    /** Whose searches they are. */
    account = '',
  ) {
    this.#draft = `${EARLIER_DRAFT}/${account}`;
    this.list = new CallListState(host, keep, onrows);
    this.picks = new Picks(host, this.list);
  }

  /** The search as it is typed. */
  get search(): Search {
    return this.#search;
  }

  set search(search: Search) {
    this.#search = { ...search };
    this.minText = search.minDurationSecs === null ? '' : clock(search.minDurationSecs);
    this.timesText = search.timesSeen === null ? '' : String(search.timesSeen);
    this.wrong = {};
  }

  /** What is typed, with what narrows it: to keep under a name or to hand on. */
  get query(): Query {
    const { search } = checked($state.snapshot(this.#search), this.minText, this.timesText);
    return { search, local: this.list.filter };
  }

  /** What is typed, with what narrows it, as a line of text to hand on. */
  asLine(): Promise<string> {
    return this.host.ask('query_text', { query: this.query });
  }

  /** Searches with what a line of text means, if anything of it was understood; gives what was, or what went wrong. */
  async takeLine(text: string): Promise<{ read: ReadQuery | null; problem: Problem | null }> {
    try {
      const read = await this.host.ask('query_read', { text });
      if (read.understood) {
        this.take(read.query);
        void this.run();
      }
      return { read, problem: null };
    } catch (error) {
      return { read: null, problem: asProblem(error) };
    }
  }

  /** Takes a search as it was kept or handed on; its dates are today's when it names a period. */
  take(query: Query): void {
    this.search = dated(query.search, this.today());
    void this.list.narrow({ ...EMPTY_LOCAL, ...query.local });
    this.typed();
  }

  /** Marks that change. */
  async watch(): Promise<void> {
    await this.host.stream('marks_watch', {}, (mark: Mark) => this.list.mark(mark));
  }

  /** What was being typed when the window closed, else the search to open with, else the last one, else today: asked at once,
   *  so that nobody meets an empty list. */
  async start(first: Query | null = null): Promise<void> {
    if (this.#started || this.#search.from) return;
    this.#started = true;
    // Something whole to search with at once; what was kept follows, unless somebody has begun to type.
    this.search = this.#ofToday();
    const typed = () => JSON.stringify(this.#search) + this.minText;
    const before = typed();
    const kept = (await this.drafts.read(this.#draft)) ?? (await this.#earlier());
    const draft = kept && !first ? readDraft(kept) : null;
    const last = draft?.query ?? first ?? (await this.host.ask('calls_last_query', {}).catch(() => null));
    if (this.phase !== 'idle' || typed() !== before) return;
    if (last) {
      const query = queryFrom(last);
      this.search = dated(query.search, this.today());
      this.list.filter = query.local;
    }
    if (draft) [this.minText, this.timesText] = [draft.minText, draft.timesText];
    const set = typed();
    await this.list.apply();
    // Nor is anything put back in the place of what somebody has begun to type meanwhile.
    if (this.phase === 'idle' && typed() === set) await this.run();
  }

  /** What an earlier version of the program kept, from here on where this one does. */
  async #earlier(): Promise<string | null> {
    const kept = await this.drafts.read(EARLIER_DRAFT);
    if (kept === null) return null;
    this.drafts.keep(this.#draft, kept);
    this.drafts.keep(EARLIER_DRAFT, null);
    return kept;
  }

  /** From somewhere else to the calls of today that this narrows, and to one of them. */
  async ofToday(parts: Partial<Search>, guid: string | null = null): Promise<void> {
    this.take({ search: { ...this.#ofToday(), ...parts }, local: EMPTY_LOCAL });
    this.callers = false;
    this.list.mode = 'calls';
    this.#wanted = guid;
    await this.run();
  }

  #ofToday = (): Search => ({ ...EMPTY_SEARCH, ...period('today', this.today()), period: 'today' });

  /** Keeps what is typed, in case the window closes. */
  typed(): void {
    this.#typings += 1;
    const query = { search: $state.snapshot(this.#search), local: this.list.filter };
    this.drafts.keep(
      this.#draft,
      JSON.stringify({ query, minText: this.minText, timesText: this.timesText }),
    );
  }

  /** Dates typed by hand are those and no others. */
  typedDates(): void {
    this.#search.period = '';
  }

  choose(which: Period): void {
    Object.assign(this.#search, period(which, this.today()), { period: which });
    this.typed();
  }

  /** Narrows the calls fetched; remembered with the search. */
  async narrow(parts: Partial<LocalFilter>): Promise<void> {
    const done = this.list.narrow(parts);
    if (this.asked) {
      const query = { search: this.asked, local: this.list.filter };
      this.host.ask('calls_remember', { query }).catch(() => undefined);
    }
    await done;
  }

  async show(what: ListMode | 'callers'): Promise<void> {
    this.callers = what === 'callers';
    if (what !== 'callers' && what !== this.list.mode) await this.list.setMode(what);
  }

  /** Shows a call in the list; where it is not in it, `absent` says why. */
  async showInList(call: Call): Promise<void> {
    this.callers = false;
    this.absent = null;
    if (await this.list.seek(call.guid)) return;
    const { filter, mode } = this.list;
    this.absent = narrows(filter) || mode !== 'calls' ? 'narrowed' : 'notFound';
  }

  /** From a number to its calls. */
  async ofNumber(number: string): Promise<void> {
    this.callers = false;
    this.list.mode = 'calls';
    await this.narrow({ ...EMPTY_LOCAL, number });
  }

  /** Sends what is typed, unless a field cannot be understood. */
  async run(): Promise<void> {
    const typed = dated($state.snapshot(this.#search), this.today());
    const { search, wrong } = checked(typed, this.minText, this.timesText);
    this.wrong = wrong;
    if (Object.keys(wrong).length) return;
    this.search = search;
    const typings = this.#typings;
    // The program remembers a search that it took: only then the draft has done its work, unless it is newer by now.
    if ((await this.#ask(search)) && typings === this.#typings) this.drafts.keep(this.#draft, null);
  }

  /** The same search once more. */
  async retry(): Promise<void> {
    if (this.asked) await this.#ask(this.asked);
  }

  /** Whether the program took it. */
  async #ask(search: Search): Promise<boolean> {
    const turn = ++this.turn;
    const before = this.#id;
    this.#id = null;
    [this.#awaited, this.#wanted, this.absent] = [this.#wanted, null, null];
    this.list.begin();
    this.picks.none();
    this.pages = this.legs = this.dropped = 0;
    this.problem = null;
    this.asked = search;
    this.phase = 'running';
    if (before !== null) this.host.ask('calls_cancel', { id: before }).catch(() => undefined);
    try {
      const query = { search, local: this.list.filter };
      const id = await this.host.stream('calls_search', { query }, (update) => {
        // A page of the search before has nothing to say any more.
        if (turn === this.turn) void this.hear(update, turn);
      });
      if (turn !== this.turn) {
        // Replaced before its number was known: nobody else can stop it.
        await this.host.ask('calls_cancel', { id }).catch(() => undefined);
      } else if (this.phase === 'running') this.#id = id;
      else if (this.phase === 'cancelled') await this.host.ask('calls_cancel', { id }).catch(() => undefined);
      return true;
    } catch (error) {
      if (turn !== this.turn) return false;
      this.problem = asProblem(error);
      this.phase = 'failed';
      await this.list.arrived();
      return false;
    }
  }

  async hear(update: SearchUpdate, turn = this.turn): Promise<void> {
    if (update.kind === 'page') {
      this.pages = update.pages;
      this.legs = update.rows;
      this.dropped = update.dropped;
      if (update.pages === 1) await this.list.arrived();
      else await this.list.grew(this.#awaited !== null);
      await this.#arrive(turn, false);
      return;
    }
    this.#id = null;
    // It is over when what it brought is there to be looked at.
    await this.list.arrived();
    await this.#arrive(turn, true);
    if (turn !== this.turn) return;
    this.phase = update.kind;
    if (update.kind === 'failed') this.problem = update.problem;
  }

  /** Goes to the call that was searched for once it is there; where it is not in the end, says so. */
  async #arrive(turn: number, last: boolean): Promise<void> {
    const guid = this.#awaited;
    if (guid === null || turn !== this.turn) return;
    const there = await this.list.seek(guid);
    if (turn !== this.turn || guid !== this.#awaited || !(there || last)) return;
    this.#awaited = null;
    if (!there) this.absent = 'notFound';
  }

  /** Stops reading; what arrived stays. */
  async cancel(): Promise<void> {
    if (this.phase !== 'running') return;
    this.phase = 'cancelled';
    const id = this.#id;
    this.#id = null;
    await this.list.arrived();
    if (id !== null) await this.host.ask('calls_cancel', { id }).catch(() => undefined);
  }

  /** The row `by` further down, inside the list; gives back the call now selected. */
  move(by: number): Promise<Call | null> {
    return this.list.move(by);
  }

  /** Flags a call or takes its flag away. */
  async flag(guid: string, on: boolean): Promise<void> {
    this.flagged = { guids: [guid], on };
    const marks = await this.host.ask('calls_flag', { guids: [guid], flagged: on });
    marks.forEach((mark) => this.list.mark(mark));
  }

  async unflag(): Promise<void> {
    const { flagged } = this;
    this.flagged = null;
    if (!flagged) return;
    const marks = await this.host.ask('calls_flag', { guids: flagged.guids, flagged: !flagged.on });
    marks.forEach((mark) => this.list.mark(mark));
  }

  /** Empties the fields, the period aside: nobody means "since ever". Nothing narrows the list either. */
  clearFields(): void {
    if (narrows(this.list.filter)) void this.narrow({ ...EMPTY_LOCAL });
    this.search = this.#ofToday();
    this.typed();
  }
}

function readDraft(text: string): { query: Query; minText: string; timesText: string } | null {
  try {
    const draft = JSON.parse(text) as {
      query?: unknown;
      search?: unknown;
      minText?: string;
      timesText?: string;
    };
    const query = queryFrom(draft.query ?? { search: draft.search });
    return { query, minText: draft.minText ?? '', timesText: draft.timesText ?? '' };
  } catch {
    return null;
  }
}
