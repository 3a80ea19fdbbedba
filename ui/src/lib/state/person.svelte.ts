// One person's day: as the history has it, and since the watch began.
import type { AgentDay, Host, PersonPast } from '../host/host';
import { dayStart } from '../past-time';
import type { PastState } from './past.svelte';

export class PersonState {
  /** Since the watch began, up to now. */
  day = $state.raw<AgentDay | null>(null);
  /** From the history, up to `until`. */
  past = $state.raw<PersonPast | null>(null);
  until = $state(0);
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

  /** The day up to a moment, as it was kept. */
  async lookAtPast(location: string, now: number): Promise<void> {
    const turn = ++this.#turn;
    if (!this.history.extent) await this.history.look();
    const period = { fromMs: dayStart(now, this.history.offset), untilMs: now };
    const past = await this.host.ask('history_person', { location, period }).catch(() => null);
    if (turn === this.#turn) [this.past, this.until] = [past, now];
  }
}
