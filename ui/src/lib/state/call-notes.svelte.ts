// The notes on one call, and the one being written: kept with every letter, whichever room it is typed in.
import type { Call, Host, Note } from '../host/host';
import { asProblem, type Problem } from '../host/host';
import type { Drafts } from './drafts';
import { NotesKnown, type NoteDraft } from './notes-known.svelte';
import type { PlayerState } from './player.svelte';

const noteKey = (guid: string) => `note/${guid}`;

export class CallNotes {
  call = $state.raw<Call | null>(null);
  notes = $derived.by(() => this.known.of(this.call?.guid));
  draft = $derived.by(() => this.known.draftOf(this.call?.guid));
  /** The note just removed, to be put back. */
  removed = $state.raw<Note | null>(null);
  problem = $state.raw<Problem | null>(null);

  constructor(
    private readonly host: Host,
    private readonly player: PlayerState,
    private readonly drafts: Drafts,
    /** Shared by every room, so that a note written in one is there in the others. */
    private readonly known = new NotesKnown(host),
  ) {}

  /** Another call, or none: its notes, and the one begun there. The one that is looked at already may be told anew, as when
   *  the list is: nothing of what is being typed goes away meanwhile. */
  async look(call: Call | null): Promise<void> {
    if (call?.guid !== this.call?.guid) this.removed = this.problem = null;
    this.call = call;
    if (!call) return;
    const [, kept] = await Promise.all([this.known.read(call.guid), this.drafts.read(noteKey(call.guid))]);
    // Meanwhile another call may be at hand.
    if (this.call?.guid !== call.guid) return;
    // Typed in the meantime wins over what was kept; one that was only begun goes on with it.
    const before = kept ? readNote(kept) : null;
    if (before && !this.draft?.text) this.type(before);
  }

  async #trying(work: () => Promise<void>): Promise<boolean> {
    this.problem = null;
    try {
      await work();
      return true;
    } catch (error) {
      this.problem = asProblem(error);
      return false;
    }
  }

  /** Begins a note at the player's present second. */
  begin(): void {
    const { call } = this;
    // One begun before is gone on with.
    if (!call || this.draft) return;
    const here = this.player.call?.guid === call.guid ? this.player.transport.positionSecs : 0;
    this.type({ id: null, secs: here, text: '', shared: true });
  }

  type(draft: NoteDraft | null): void {
    if (this.call) this.#keepDraft(this.call.guid, draft);
  }

  #keepDraft(guid: string, draft: NoteDraft | null): void {
    this.known.begin(guid, draft);
    this.drafts.keep(noteKey(guid), draft && JSON.stringify(draft));
  }

  async keep(): Promise<boolean> {
    const { draft, call } = this;
    if (!draft || !call || !draft.text.trim()) return false;
    const { id, secs, text, shared } = draft;
    return this.#trying(async () => {
      if (id === null) await this.host.ask('note_add', { call, secs, text, shared });
      else await this.host.ask('note_change', { id, secs, text, shared });
      this.#keepDraft(call.guid, null);
      await this.known.read(call.guid);
    });
  }

  async remove(note: Note): Promise<void> {
    await this.#trying(async () => {
      await this.host.ask('note_remove', { note });
      if (this.call?.guid === note.guid) this.removed = note;
      await this.known.read(note.guid);
    });
  }

  async putBack(): Promise<void> {
    const { removed, call } = this;
    if (!removed || !call) return;
    const { atSecs: secs, text, shared } = removed;
    await this.#trying(async () => {
      await this.host.ask('note_add', { call, secs, text, shared });
      this.removed = null;
      await this.known.read(call.guid);
    });
  }
}

function readNote(text: string): NoteDraft | null {
  try {
    return { id: null, secs: 0, text: '', shared: true, ...(JSON.parse(text) as Partial<NoteDraft>) };
  } catch {
    return null;
  }
}
