// A newer version of the program: what there is, how far it is, and the way back. The channel is asked once a day, where
// there is one; everything else is asked for by the person.
import type { Host, Problem, UpdateState, UpdateWayBack } from '../host/host';
import { asProblem, failureOf } from '../host/host';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How often it is seen whether a day has gone by. */
const LOOKED_AT_MS = 15 * 60 * 1000;
/** How often it is seen how far a step is. */
const STEP_MS = 500;

export class UpdatesState {
  now = $state.raw<UpdateState | null>(null);
  /** The way back; `null`: not asked yet, or there is none. */
  way = $state.raw<UpdateWayBack | null>(null);
  /** Why there is none. */
  noWay = $state.raw<Problem | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** A step is under way. */
  busy = $derived(['looking', 'fetching', 'installing'].includes(this.now?.phase.kind ?? ''));
  /** The newer version there is, as long as it is not installed. */
  newer = $derived.by(() => {
    const found = this.now?.found;
    const there = this.now?.phase.kind === 'installed' || this.now?.phase.kind === 'waits';
    return found?.kind === 'newer' && !there ? found.version : null;
  });

  constructor(
    private readonly host: Host,
    /** What the program cannot know of: a review that is half done, something that is being sent. */
    private readonly busyWith: () => { reviewing: boolean; writing: boolean } = () => ({
      reviewing: false,
      writing: false,
    }),
  ) {}

  /** Looks once a day, until what it gives is called. */
  watch(): () => void {
    const look = async () => {
      await this.see();
      const now = this.now;
      if (now?.channel && !this.busy && Date.now() - (now.lookedMs ?? 0) > DAY_MS) await this.look();
    };
    void look();
    const timer = setInterval(() => void look(), LOOKED_AT_MS);
    return () => clearInterval(timer);
  }

  /** How things are; what was known stays when it cannot be asked. */
  async see(): Promise<void> {
    this.now = await this.host.ask('update_state', {}).catch(() => this.now);
  }

  async seeWay(): Promise<void> {
    try {
      this.way = await this.host.ask('update_way_back', {});
      this.noWay = null;
    } catch (error) {
      this.way = null;
      this.noWay = asProblem(error);
    }
  }

  look = (): Promise<void> => this.#step(() => this.host.ask('update_look', {}));
  fetch = (): Promise<void> => this.#step(() => this.host.ask('update_fetch', {}));
  install = (): Promise<void> => this.#step(() => this.host.ask('update_install', this.busyWith()));
  back = (): Promise<void> => this.#step(() => this.host.ask('update_back', this.busyWith()));

  /** One step; how far it is is asked meanwhile. */
  async #step(work: () => Promise<UpdateState>): Promise<void> {
    const timer = setInterval(() => void this.see(), STEP_MS);
    this.problem = await failureOf(async () => void (this.now = await work()));
    clearInterval(timer);
  }
}
