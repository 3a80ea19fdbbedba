// Hearing calls: the one door through which a recording is opened, and what comes before and after it. Which call that is
// the source knows that the open one was taken from, never the room on show.
import type { Call, Host } from '../host/host';
import { NotesKnown } from './notes-known.svelte';
import type { PlayerState } from './player.svelte';
import { isPicked, single, type Source } from './sources';

/** How long the next call is announced before it plays. */
export const PAUSE_SECS = 4;

export interface Wish {
  call: Call;
  source: Source;
  /** The second to begin at; without one it begins where it was left. */
  atSecs?: number | null;
  /** A person asked for this very recording: the server may be asked to convert it. */
  asked: boolean;
}

export class Listening {
  /** Where the open call was taken from. */
  source = $state.raw<Source>(single);
  /** What plays next by itself, and in how many seconds. */
  next = $state.raw<Call | null>(null);
  due = $state(0);

  /** Which of the calls picked plays, from 1; `null` when none were picked. */
  turn = $derived.by(() => {
    if (!isPicked(this.source)) return null;
    const { calls } = this.source;
    const at = calls.findIndex((call) => call.guid === this.player.call?.guid);
    return at < 0 ? null : { at: at + 1, of: calls.length };
  });

  /** The notes on calls, whichever room they are written in. */
  readonly notes: NotesKnown;
  /** Those on the open one, wherever it was taken from. */
  notesHeard = $derived.by(() => this.notes.of(this.player.call?.guid));

  #timer: ReturnType<typeof setInterval> | undefined;
  #turn = 0;

  constructor(
    private readonly host: Host,
    private readonly player: PlayerState,
    /** Whether the next call plays by itself. */
    private readonly advances: () => boolean,
  ) {
    this.notes = new NotesKnown(host);
    player.onend = () => void this.#ended();
  }

  /** Opens a call and plays it, or goes on with the one that is open; then has the one after it fetched. */
  async listen({ call, source, atSecs = null, asked }: Wish): Promise<void> {
    this.stop();
    const turn = this.#turn;
    const { player } = this;
    const before = player.call;
    this.source = source;
    const here = before?.guid === call.guid && !player.broken;
    // One that is still being looked for goes on as it was wished, unless more is wished now.
    const anew = !here || (!player.loaded && (atSecs !== null || (asked && !player.asked)));
    // That they could not be read is said when one is written.
    if (anew) this.notes.read(call.guid).catch(() => undefined);
    const begun = anew ? player.open(call, atSecs, asked) : player.loaded ? player.play(atSecs) : null;
    source.show(call, before);
    await begun;
    const next = await source.beside(call, 1);
    // Meanwhile somebody chose another one.
    if (next && turn === this.#turn)
      this.host.ask('recording_prefetch', { call: next }).catch(() => undefined);
  }

  /** The call before or after the open one; where none is open, or it has none, beside where the person stands. */
  async move(by: 1 | -1, room: Source = single): Promise<void> {
    const turn = this.#turn;
    const { call } = this.player;
    const source = call && this.source.kind !== 'single' ? this.source : room;
    const next = await source.beside(call, by);
    if (next && turn === this.#turn) await this.listen({ call: next, source, asked: true });
  }

  /** Plays, pauses, or looks again when there is nothing to play. */
  async toggle(): Promise<void> {
    const { call, broken, locates } = this.player;
    if (!call || locates) return;
    if (broken) await this.listen({ call, source: this.source, asked: true });
    else await this.player.toggle();
  }

  /** When this call is the open one it is of that source from now on, unless it is one of those picked. */
  adopt(call: Call, source: Source): void {
    if (this.player.call?.guid === call.guid && !isPicked(this.source)) this.source = source;
  }

  /** The recording was heard to its end, or is not to be had: announces the next one, if that is wished. */
  async #ended(): Promise<void> {
    this.stop();
    const turn = this.#turn;
    const { source } = this;
    const next = this.advances() ? await source.beside(this.player.call, 1) : null;
    // Meanwhile somebody chose a call, or none.
    if (!next || turn !== this.#turn) return;
    this.next = next;
    this.due = PAUSE_SECS;
    this.#timer = setInterval(() => {
      this.due -= 1;
      // Nobody asked for this very recording.
      if (this.due <= 0) void this.listen({ call: next, source, asked: false });
    }, 1000);
  }

  /** Nothing plays by itself now. */
  stop(): void {
    this.#turn += 1;
    clearInterval(this.#timer);
    this.next = null;
    this.due = 0;
  }
}
