// One person: their day as the history has it and since the watch began, their calls of today, and how they were judged
// lately.
import { Asked } from './asked.svelte';
import type { AgentCalls, AgentDay, AgentReview, Host, PersonPast } from '../host/host';
import { dayStart } from '../past-time';
import type { PastState } from './past.svelte';

/** Lines of a part of a page about one person, at most. */
export const SHOWN = 10;

export class PersonState {
  /** Since the watch began, up to now. */
  day = $state.raw<AgentDay | null>(null);
  /** From the history, up to `until`. */
  past = $state.raw<PersonPast | null>(null);
  until = $state(0);
  /** Of today, where the server is. */
  readonly calls = new Asked<AgentCalls>();
  /** Of the last thirty days, those finished. */
  readonly reviews = new Asked<AgentReview[]>();
  #location: string | null = null;
  #turn = 0;

  constructor(
    private readonly host: Host,
    private readonly history: PastState,
  ) {}

  /** Somebody is looked at: of another person nothing is known. */
  choose(location: string): void {
    this.#location = location;
    this.day = null;
  }

  /** What was there stays when the floor has nothing newer. */
  async lookAtDay(): Promise<void> {
    const location = this.#location;
    if (location === null) return;
    const day = await this.host.ask('floor_agent_day', { location }).catch(() => null);
    if (day && location === this.#location) this.day = day;
  }

  /** Their calls of a day, `yyyy-MM-dd`: the newest of them. */
  lookAtCalls(agent: string, day: string): Promise<void> {
    const asked = { agent, from: `${day} 00:00:00`, to: `${day} 23:59:59`, most: SHOWN };
    return this.calls.ask(agent, () => this.host.ask('calls_of_agent', asked));
  }

  /** How they were judged lately. */
  lookAtReviews(agent: string): Promise<void> {
    return this.reviews.ask(agent, () => this.host.ask('agent_reviews', { agent, limit: SHOWN }));
  }

  /** The day up to a moment, as it was kept. */
  async lookAtPast(location: string, now: number): Promise<void> {
    const turn = ++this.#turn;
    if (!this.history.extent) await this.history.look();
    const period = { fromMs: dayStart(now, this.history.offset), untilMs: now };
    const past = await this.host.ask('history_person', { location, period }).catch(() => null);
    if (turn === this.#turn) [this.past, this.until] = [past, now];
  }
}
