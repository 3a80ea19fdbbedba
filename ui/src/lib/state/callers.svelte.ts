// Numbers that called more than once in what was found.
import type { Callers, Host } from '../host/host';

export class CallersState {
  found = $state.raw<Callers | null>(null);
  #turn = 0;

  constructor(private readonly host: Host) {}

  /** Those that called so often at least; what was known stays when it cannot be asked. */
  async look(least: number): Promise<void> {
    const turn = ++this.#turn;
    const found = await this.host.ask('calls_callers', { least }).catch(() => null);
    if (found && turn === this.#turn) this.found = found;
  }
}
