// A campaign's day by the minute, and the same weekday before where that was watched.
import type { Host, Problem, Trend } from '../host/host';
import { asProblem } from '../host/host';
import { DAY, dayStart } from '../past-time';
import type { PastState } from './past.svelte';

const WEEK = 7 * DAY;

export class CampaignTrend {
  today = $state.raw<Trend | null>(null);
  /** The same weekday a week before; `null` when nobody watched it. */
  before = $state.raw<Trend | null>(null);
  problem = $state.raw<Problem | null>(null);
  #turn = 0;

  constructor(
    private readonly host: Host,
    private readonly history: PastState,
  ) {}

  async look(campaign: string, now: number): Promise<void> {
    const turn = ++this.#turn;
    if (!this.history.extent) await this.history.look();
    const from = dayStart(now, this.history.offset);
    const ask = (fromMs: number, untilMs: number) =>
      this.host.ask('history_trend', { campaign, period: { fromMs, untilMs } });
    try {
      const [today, then] = await Promise.all([ask(from, now), ask(from - WEEK, from - WEEK + DAY)]);
      if (turn !== this.#turn) return;
      const watched = then.waiting.some((one) => one !== null);
      [this.today, this.before, this.problem] = [today, watched ? then : null, null];
    } catch (error) {
      if (turn === this.#turn) this.problem = asProblem(error);
    }
  }
}
