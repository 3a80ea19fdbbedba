// How the program is doing: what support asks for, the server's clock, and the room recordings take on this computer.
import type { Diagnostics, Host } from '../host/host';

export class DiagnosticsState {
  found = $state.raw<Diagnostics | null>(null);
  /** The server's clock minus ours, seconds; nothing is said of one that is not known. */
  aheadSecs = $derived(this.found?.clockDifferenceSecs ?? 0);

  constructor(private readonly host: Host) {}

  /** What was known stays when it cannot be asked. */
  async look(): Promise<void> {
    this.found = await this.host.ask('diagnostics', {}).catch(() => this.found);
  }

  /** Removes the recordings kept on this computer. */
  async clearCache(): Promise<void> {
    this.found = await this.host.ask('cache_clear', {}).catch(() => this.found);
  }
}
