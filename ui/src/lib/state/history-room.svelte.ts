// The room the floor's past takes on this computer, and forgetting it.
import type { HistoryRoom, Host, Problem } from '../host/host';
import { failureOf } from '../host/host';
import type { PastState } from './past.svelte';

export class HistoryRoomState {
  room = $state.raw<HistoryRoom | null>(null);
  problem = $state.raw<Problem | null>(null);

  constructor(
    private readonly host: Host,
    private readonly past: PastState,
  ) {}

  async look(): Promise<void> {
    await this.#ask('history_room');
  }

  /** Gives whether it worked. */
  async clear(): Promise<boolean> {
    await this.#ask('history_clear');
    this.past.forget();
    return this.problem === null;
  }

  async #ask(what: 'history_room' | 'history_clear'): Promise<void> {
    this.problem = await failureOf(async () => void (this.room = await this.host.ask(what, {})));
  }
}
