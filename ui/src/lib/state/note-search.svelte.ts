// Notes of all calls by their words.
import type { Host, NoteFound } from '../host/host';

export class NoteSearch {
  found = $state.raw<NoteFound[]>([]);
  #turn = 0;

  constructor(private readonly host: Host) {}

  /** What was found stays when it cannot be asked. */
  async look(text: string): Promise<void> {
    const turn = ++this.#turn;
    const found = await this.host.ask('notes_find', { text }).catch(() => null);
    if (found && turn === this.#turn) this.found = found;
  }
}
