// The notes of the calls that were looked at or heard, as they were read last, and the ones being written: one truth for every
// room, and for the marks on the waveform.
import { SvelteMap } from 'svelte/reactivity';
import type { Host, Note } from '../host/host';

/** A note being written. */
export interface NoteDraft {
  /** `null`: a new one. */
  id: number | null;
  secs: number;
  text: string;
  shared: boolean;
}

export class NotesKnown {
  readonly #of = new SvelteMap<string, Note[]>();
  readonly #begun = new SvelteMap<string, NoteDraft>();
  /** What was asked last of each call: an answer that comes later than a newer one is old. */
  readonly #turns = new Map<string, number>();

  constructor(private readonly host: Host) {}

  /** Those of a call; none before they were read. */
  of(guid: string | undefined): Note[] {
    return (guid !== undefined && this.#of.get(guid)) || [];
  }

  /** The one being written on a call. */
  draftOf(guid: string | undefined): NoteDraft | null {
    return (guid !== undefined && this.#begun.get(guid)) || null;
  }

  /** Begins it, goes on with it, or ends it with `null`. */
  begin(guid: string, draft: NoteDraft | null): void {
    if (draft) this.#begun.set(guid, draft);
    else this.#begun.delete(guid);
  }

  /** Reads those of a call anew. */
  async read(guid: string): Promise<void> {
    const turn = (this.#turns.get(guid) ?? 0) + 1;
    this.#turns.set(guid, turn);
    const notes = await this.host.ask('notes_of', { guid });
    if (turn === this.#turns.get(guid)) this.#of.set(guid, notes);
  }
}
