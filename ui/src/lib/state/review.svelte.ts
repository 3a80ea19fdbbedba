// Judging calls: the worklist, the call at hand, its answers and notes. What is answered or typed is kept with every
// keystroke; where somebody stopped is where the room opens again.
import type {
  Answer,
  Call,
  Card,
  Host,
  ItemState,
  NoteFound,
  Problem,
  Question,
  ReportFilter,
  Review,
  Sample,
  SampleItem,
  Value,
} from '../host/host';
import { asProblem, failureOf } from '../host/host';
import { CallNotes } from './call-notes.svelte';
import { Drafts } from './drafts';
import type { Listening } from './listening.svelte';
import type { PlayerState } from './player.svelte';
import type { Behind } from './review-list.svelte';
import { single, type Source } from './sources';

export type ReviewTab = 'work' | 'list' | 'reports' | 'cards' | 'calibration' | 'notes' | 'audit';

const PLACE = 'review/place';

/** What a digit answers to a question; `null` when it means nothing there. */
export function answerOf(question: Question, digit: number): Value | null {
  const { kind } = question;
  if (kind.kind === 'yesNo')
    return digit === 1 ? { kind: 'yes' } : digit === 2 || digit === 0 ? { kind: 'no' } : null;
  if (kind.kind === 'scale')
    return digit >= kind.low && digit <= kind.high ? { kind: 'scale', value: digit } : null;
  return digit >= 1 && digit <= kind.options.length ? { kind: 'choice', index: digit - 1 } : null;
}

/** The answer beside the present one, better (`1`) or worse (`-1`), for questions with more answers than digits. */
export function beside(question: Question, value: Value | null, by: 1 | -1): Value {
  const { kind } = question;
  if (kind.kind === 'yesNo') return { kind: by > 0 ? 'yes' : 'no' };
  if (kind.kind === 'scale') {
    const from = value?.kind === 'scale' ? value.value + by : by > 0 ? kind.low : kind.high;
    return { kind: 'scale', value: Math.min(kind.high, Math.max(kind.low, from)) };
  }
  const last = kind.options.length - 1;
  const from = value?.kind === 'choice' ? value.index - by : by > 0 ? last : 0;
  return { kind: 'choice', index: Math.min(last, Math.max(0, from)) };
}

export class ReviewState {
  tab = $state<ReviewTab>('work');
  cards = $state.raw<Card[]>([]);
  samples = $state.raw<Sample[]>([]);
  sample = $state.raw<Sample | null>(null);
  items = $state.raw<SampleItem[]>([]);
  /** Calls of the worklist chosen for a batch. */
  picked = $state.raw<ReadonlySet<string>>(new Set());
  /** The calls picked, in the order of the worklist. */
  pickedCalls = $derived.by(() =>
    this.items.filter((item) => this.picked.has(item.call.guid)).map((item) => item.call),
  );
  /** What others hold of the worklist, by call: with a team. */
  held = $state.raw<ReadonlyMap<string, string>>(new Map());
  /** Who holds the call at hand, when it is somebody else: it is looked at, not judged. */
  heldBy = $derived.by(() => {
    const item = this.sample ? this.items.find((one) => one.call.guid === this.call?.guid) : null;
    // What is judged already is anybody's to look at.
    return item?.state === 'open' ? (this.held.get(item.call.guid) ?? null) : null;
  });
  call = $state.raw<Call | null>(null);
  review = $state.raw<Review | null>(null);
  /** The question the keys answer. */
  at = $state(0);
  problem = $state.raw<Problem | null>(null);
  /** The list of reviews shows those of a report alone. */
  within = $state.raw<Behind | null>(null);
  /** Something of the answers could not be kept; it is still on the screen. */
  unkept = $state.raw<Problem | null>(null);
  ready = $state(false);

  questions = $derived(this.review?.card.sections.flatMap((section) => section.questions) ?? []);
  question = $derived(this.questions[this.at] ?? null);
  done = $derived(this.review !== null && this.review.finishedMs !== null);
  /** Something of it is answered, and it is not finished: whoever judges it is at it. */
  isHalfDone = $derived.by(() => {
    const { review } = this;
    return review?.finishedMs === null && Object.keys(review.answers).length > 0;
  });
  /** Nothing is answered here: it is finished, or somebody else judges the call by now. */
  fixed = $derived(this.done || (this.review?.calibration === null && this.heldBy !== null));
  index = $derived(this.items.findIndex((item) => item.call.guid === this.call?.guid));

  /** The worklist in its order. */
  readonly worklist: Source = {
    kind: 'worklist',
    beside: (call, by) => {
      const guid = (call ?? this.call)?.guid;
      const at = this.items.findIndex((item) => item.call.guid === guid);
      return Promise.resolve(at < 0 ? null : (this.items[at + by]?.call ?? null));
    },
    // The call at hand goes along with what is heard, unless the person has gone to another one.
    show: (call, before) => {
      const here = this.call?.guid;
      if (call.guid !== here && (!before || before.guid === here)) void this.look(call, false);
    },
  };

  #report: Partial<ReportFilter> = {};
  #wanted: { id: number; answers: Review['answers']; comment: string } | null = null;
  #writing: Promise<void> | null = null;
  #turn = 0;

  /** The notes on the call at hand. */
  readonly book: CallNotes;

  constructor(
    private readonly host: Host,
    private readonly player: PlayerState,
    private readonly listening: Listening,
    private readonly drafts = new Drafts(host),
    /** Others judge the same worklists. */
    private readonly shared: () => boolean = () => false,
  ) {
    this.book = new CallNotes(host, player, drafts, listening.notes);
  }

  /** Cards and worklists; the one worked on last is gone on with. */
  async enter(): Promise<void> {
    await this.#trying(async () => {
      this.cards = await this.host.ask('review_cards', {});
      this.samples = await this.host.ask('samples', {});
      if (!this.sample && !this.call) {
        const kept = Number(await this.drafts.read(PLACE));
        const sample = this.samples.find((one) => one.id === kept) ?? this.samples[0];
        if (sample) await this.choose(sample);
      }
    });
    this.ready = true;
  }

  /** Somebody who never judged here begins: with a card, where there is none. */
  async begin(): Promise<void> {
    await this.enter();
    if (this.cards.length === 0 && !this.problem) this.tab = 'cards';
  }

  async #trying(work: () => Promise<void>): Promise<boolean> {
    this.problem = null;
    try {
      await work();
      return true;
    } catch (error) {
      this.problem = asProblem(error);
      return false;
    }
  }

  async refreshCards(): Promise<void> {
    await this.#trying(async () => void (this.cards = await this.host.ask('review_cards', {})));
  }

  async refreshSamples(): Promise<void> {
    this.samples = await this.host.ask('samples', {});
    this.sample = this.samples.find((one) => one.id === this.sample?.id) ?? null;
    this.items = this.sample ? await this.host.ask('sample_items', { id: this.sample.id }) : [];
    if (this.sample) await this.#look(this.sample);
  }

  /** Takes a worklist up where it was left. */
  async choose(sample: Sample): Promise<void> {
    await this.#trying(async () => {
      this.sample = sample;
      this.picked = new Set();
      this.drafts.keep(PLACE, String(sample.id));
      this.items = await this.host.ask('sample_items', { id: sample.id });
      await this.#look(sample);
      const at = this.items.find((item) => item.call.guid === sample.at) ?? this.#open(0, 1) ?? this.items[0];
      if (at) await this.look(at.call, false);
    });
  }

  /** What comes before and after the call at hand. */
  get #source(): Source {
    return this.index < 0 ? single : this.worklist;
  }

  /** A call of the worklist, with its review and notes; heard at once when asked to. */
  async look(call: Call, play: boolean): Promise<void> {
    const card = this.sample?.request.card ?? this.cards[0]?.id;
    await this.#show(call, card ? () => this.#mine(call, card) : null);
    if (play && this.call?.guid === call.guid) await this.hear();
  }

  /** Its review, once the call is this person's; `null` when somebody else holds it. */
  async #mine(call: Call, card: string): Promise<Review | null> {
    const { sample } = this;
    const item = this.items.find((one) => one.call.guid === call.guid);
    // Where it was left is worth less than the review: it is opened all the same.
    const there =
      sample && item
        ? await this.host.ask('sample_at', { id: sample.id, guid: call.guid }).catch(() => null)
        : null;
    // What is judged already is anybody's to look at.
    const other = item?.state === 'open' ? there : null;
    if (item) this.#holds(call.guid, other?.by ?? null);
    return other ? null : this.host.ask('review_open', { call, card });
  }

  #holds(guid: string, by: string | null): void {
    const held = new Map(this.held);
    if (by === null) held.delete(guid);
    else held.set(guid, by);
    this.held = held;
  }

  /** A lead takes the call at hand over. */
  async takeOver(): Promise<void> {
    const { sample, call } = this;
    if (!sample || !call) return;
    if (
      await this.#trying(
        async () => void (await this.host.ask('sample_take_over', { id: sample.id, guid: call.guid })),
      )
    )
      await this.look(call, false);
  }

  /** Others changed something of the shared work: what is on show is read again, but for what is being judged here. */
  async others(): Promise<void> {
    if (!this.ready) return;
    await this.settle();
    const failed = await failureOf(async () => {
      this.cards = await this.host.ask('review_cards', {});
      const held = this.heldBy;
      await this.refreshSamples();
      // The call at hand was given back: it is this person's again, if nobody was faster.
      if (held && !this.heldBy && this.call) await this.look(this.call, false);
    });
    if (failed) this.problem = failed;
  }

  /** Who holds what of the worklist; what was known stays when it cannot be asked. */
  async #look(sample: Sample): Promise<void> {
    if (!this.shared()) return;
    const claims = await this.host.ask('sample_claims', { id: sample.id }).catch(() => null);
    if (!claims || this.sample?.id !== sample.id) return;
    this.held = new Map(claims.flatMap((one) => (one.mine ? [] : [[one.guid, one.by] as const])));
  }

  /** The cards a call can be judged with, the likeliest first; none when they cannot be asked. */
  cardsFor(call: Call): Promise<Card[]> {
    return this.host.ask('review_cards_for', { call }).catch(() => []);
  }

  /** A call that is in no worklist, with a card or the likeliest one. */
  async judge(call: Call, card?: string): Promise<void> {
    this.#alone();
    await this.#show(call, async () => {
      if (!this.cards.length) await this.refreshCards();
      const chosen = card ?? (await this.cardsFor(call))[0]?.id;
      return chosen ? this.host.ask('review_open', { call, card: chosen }) : null;
    });
  }

  /** A review there is, whoever made it; heard from a second on when one is given. */
  async open(id: number, atSecs: number | null = null): Promise<void> {
    await this.#trying(async () => {
      const review = await this.host.ask('review_get', { id });
      this.#alone();
      await this.#show(review.call, () => Promise.resolve(review));
    });
    if (atSecs !== null && this.review?.id === id) await this.hear(atSecs);
  }

  /** One's own review of a calibration, blind. */
  async calibrate(id: string): Promise<void> {
    await this.#trying(async () => {
      const review = await this.host.ask('calibration_open', { id });
      this.#alone();
      await this.#show(review.call, () => Promise.resolve(review));
    });
  }

  /** What is judged now is in no worklist. */
  #alone(): void {
    this.tab = 'work';
    this.sample = null;
    this.items = [];
  }

  async #show(call: Call, open: (() => Promise<Review | null>) | null): Promise<void> {
    const turn = ++this.#turn;
    await this.settle();
    if (turn !== this.#turn) return;
    this.call = call;
    this.review = null;
    this.at = 0;
    // Also when it is heard already: from here it goes on to what is to be judged next.
    this.listening.adopt(call, this.#source);
    await this.#trying(async () => {
      const [review] = await Promise.all([open?.() ?? null, this.book.look(call)]);
      if (turn !== this.#turn) return;
      this.review = review;
      this.at = Math.max(
        0,
        this.questions.findIndex((one) => !review?.answers[one.id]?.value),
      );
    });
  }

  /** Plays the call at hand, from a second when one is given. */
  async hear(atSecs: number | null = null): Promise<void> {
    const { call } = this;
    if (call) await this.listening.listen({ call, source: this.#source, atSecs, asked: true });
  }

  /** Plays or holds the call at hand. */
  async toggle(): Promise<void> {
    if (this.call && this.player.call?.guid === this.call.guid) await this.listening.toggle();
    else await this.hear();
  }

  /** From a note found to its call, heard from the note on. */
  async goTo({ call, note }: NoteFound): Promise<void> {
    const shown = this.judge(call);
    await this.listening.listen({ call, source: single, atSecs: note.atSecs, asked: true });
    await shown;
  }

  /** The next call still to be judged from a place on. */
  #open(from: number, by: number): SampleItem | null {
    for (let at = from; at >= 0 && at < this.items.length; at += by) {
      const item = this.items[at];
      if (item?.state === 'open' && !this.held.has(item.call.guid)) return item;
    }
    return null;
  }

  async move(by: 1 | -1): Promise<void> {
    const next = await this.worklist.beside(this.call, by);
    if (next) await this.look(next, true);
  }

  step(by: number): void {
    this.at = Math.min(this.questions.length - 1, Math.max(0, this.at + by));
  }

  /** Answers a question; what is answered already keeps its comment. */
  answer(id: string, part: Partial<Answer>): void {
    const { review } = this;
    if (!review || this.fixed) return;
    const before = review.answers[id] ?? { value: null, comment: '' };
    this.#change({ ...review, answers: { ...review.answers, [id]: { ...before, ...part } } });
  }

  /** The comment on the question at hand is left: one that is answered is done with, and a digit is the next one's answer. */
  commented(): void {
    const answer = this.question && this.review?.answers[this.question.id];
    if (!this.done && answer?.value && answer.comment.trim()) this.step(1);
  }

  comment(comment: string): void {
    if (this.review && !this.fixed) this.#change({ ...this.review, comment });
  }

  #change(review: Review): void {
    this.review = review;
    this.#wanted = { id: review.id, answers: review.answers, comment: review.comment };
    this.#writing ??= this.#write();
  }

  /** One write at a time, the newest wins: the score comes back with it. */
  async #write(): Promise<void> {
    while (this.#wanted) {
      const wanted = this.#wanted;
      this.#wanted = null;
      try {
        const told = await this.host.ask('review_change', wanted as never);
        this.unkept = null;
        if (!this.#wanted && this.review?.id === wanted.id) this.review = told;
      } catch (error) {
        this.unkept = asProblem(error);
      }
    }
    this.#writing = null;
  }

  /** Until all that was answered is kept. */
  async settle(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  /** Finishes, and goes on to the next call to be judged; stays where something is missing. */
  async finish(): Promise<boolean> {
    await this.settle();
    const { review } = this;
    if (!review || this.fixed) return false;
    const lacking = new Set([...review.scored.missing, ...review.scored.commentsMissing]);
    if (lacking.size) this.at = this.questions.findIndex((one) => lacking.has(one.id));
    const finished = await this.#trying(async () => {
      this.review = await this.host.ask('review_finish', { id: review.id });
      await this.refreshSamples();
    });
    if (finished) await this.#onward();
    return finished;
  }

  async #onward(): Promise<void> {
    const next = this.#open(this.index + 1, 1) ?? this.#open(0, 1);
    if (next) await this.look(next.call, true);
  }

  async reopen(): Promise<void> {
    const id = this.review?.id;
    if (id === undefined) return;
    await this.#trying(async () => {
      this.review = await this.host.ask('review_reopen', { id });
      await this.refreshSamples();
    });
  }

  /** Leaves the call out with a reason and goes on; without one takes it in again. */
  async skip(reason: string | null): Promise<void> {
    const { sample, call } = this;
    if (!sample || !call) return;
    const kept = await this.#trying(async () => {
      await this.host.ask('sample_skip', { id: sample.id, guid: call.guid, reason });
      await this.refreshSamples();
    });
    if (kept && reason !== null) await this.#onward();
  }

  /** Shows the report on what a worklist was about. */
  reportOn({ request }: Sample): void {
    this.#report = { from: request.from.slice(0, 10), to: request.to.slice(0, 10), card: request.card };
    this.tab = 'reports';
  }

  /** From a figure of a report to the reviews it is made of. */
  behind(figure: Behind): void {
    this.within = figure;
    this.tab = 'list';
  }

  /** A worklist by another name. */
  async rename(sample: Sample, name: string): Promise<void> {
    await this.#trying(async () => {
      await this.host.ask('sample_rename', { id: sample.id, name });
      await this.refreshSamples();
    });
  }

  /** What the report was asked to begin with, once. */
  takeReport(): Partial<ReportFilter> {
    const wanted = this.#report;
    this.#report = {};
    return wanted;
  }

  /** A worklist that was given away is one's own again. */
  async takeBack(sample: Sample): Promise<void> {
    await this.#trying(async () => {
      await this.host.ask('sample_take_back', { id: sample.id });
      await this.refreshSamples();
    });
  }

  async removeSample(): Promise<void> {
    const { sample } = this;
    if (!sample) return;
    await this.#trying(async () => {
      await this.host.ask('sample_remove', { id: sample.id });
      this.sample = null;
      this.call = this.review = null;
      await this.book.look(null);
      await this.refreshSamples();
      if (this.samples[0]) await this.choose(this.samples[0]);
    });
  }

  pick(guid: string, on: boolean): void {
    const picked = new Set(this.picked);
    if (on) picked.add(guid);
    else picked.delete(guid);
    this.picked = picked;
  }

  pickAll(on: boolean): void {
    this.picked = new Set(on ? this.items.map((item) => item.call.guid) : []);
  }
}

export const stateWords: Record<ItemState, 'review_open' | 'review_done' | 'review_skipped'> = {
  open: 'review_open',
  done: 'review_done',
  skipped: 'review_skipped',
};
