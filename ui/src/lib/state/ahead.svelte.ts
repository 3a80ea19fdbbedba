// The next quarter of an hour as last worked out, while somebody looks at the floor as it is: a moment of the past has none,
// and for a floor that nobody looks at nothing is worked out.
import type { AheadTold, CampaignAhead, Host } from '../host/host';

/** One campaign's; `null`: none was worked out yet, or not for it. */
export type OutlookOf = (name: string) => CampaignAhead | null;

const NONE: AheadTold = { atMs: null, campaigns: [] };

export class AheadState {
  told = $state.raw<AheadTold>(NONE);
  /** The floor is looked at as it is. */
  looking = $state(false);
  #named = $derived(new Map(this.told.campaigns.map((one) => [one.name, one])));
  #turn = 0;

  constructor(private readonly host: Host) {}

  of: OutlookOf = (name) => this.#named.get(name) ?? null;

  /** The floor is looked at, or no more. */
  async look(looking: boolean): Promise<void> {
    if (looking === this.looking) return;
    const turn = ++this.#turn;
    this.looking = looking;
    if (!looking) this.told = NONE;
    const hear = (told: AheadTold) => {
      // What was under way when somebody looked away comes too late.
      if (turn === this.#turn && looking) this.told = told;
    };
    await this.host.stream('ahead_watch', { looking }, hear).catch(() => undefined);
  }
}
