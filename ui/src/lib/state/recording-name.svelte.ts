// What files of recordings are called: what a pattern comes to, while it is typed.
import type { Host, RecordingNames } from '../host/host';

export class RecordingNameState {
  /** `null`: not known yet. */
  names = $state.raw<RecordingNames | null>(null);
  /** Whether what was looked at last can be kept. */
  good = $derived(this.names !== null && !this.names.unclosed && this.names.unknown.length === 0);
  #asked = 0;

  constructor(private readonly host: Host) {}

  /** What comes of a pattern; an answer to an older one is dropped. */
  async look(pattern: string): Promise<void> {
    const mine = (this.#asked += 1);
    const names = await this.host.ask('recording_names', { pattern }).catch(() => null);
    if (mine === this.#asked) this.names = names;
  }
}
