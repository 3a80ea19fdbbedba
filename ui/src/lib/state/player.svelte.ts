// The player as the window sees it: where it is, what it looks like, and how the recording was found.
import type {
  Attempt,
  Call,
  Hearing,
  Host,
  LocateUpdate,
  Place,
  PlayerUpdate,
  Problem,
  SavedSound,
  Settings,
  Transport,
} from '../host/host';
import { asProblem } from '../host/host';
import { nextTicket } from './ticket';
import { WaveState } from './wave.svelte';

export type Locating = 'none' | 'looking' | 'converting' | 'again' | 'found' | 'failed' | 'stopped';

const STILL: Transport = {
  phase: 'empty',
  positionSecs: 0,
  durationSecs: null,
  durationExact: false,
  bufferedSecs: 0,
  channels: null,
  volume: 0.8,
  hearing: { speed: 1, skipSilence: false, levelled: false, balance: 0, stepBackSecs: 1.5 },
  loopFromSecs: null,
  loopToSecs: null,
  savedSecs: 0,
  problem: null,
  endsAtSecs: null,
  meantToLastSecs: null,
  resumedAtSecs: null,
  underruns: 0,
  obeyed: 0,
};

/** What was wished of the player and may not be in what it tells yet. */
interface Wish {
  parts: Partial<Transport>;
  /** Of the open recording alone: another one is not concerned. */
  ofRecording: boolean;
  /** It is in what is told from so many wishes obeyed on; not known before it is answered. */
  due: number;
}

export class PlayerState {
  /** As it was told last, with what was wished since: where it goes is where it is for whoever presses the next key. */
  transport = $state.raw<Transport>(STILL);
  call = $state.raw<Call | null>(null);
  locating = $state<Locating>('none');
  attempts = $state.raw<Attempt[]>([]);
  found = $state.raw<{ place: Place; millis: number; cached: boolean } | null>(null);
  round = $state.raw<{ round: number; rounds: number } | null>(null);
  /** Whether the server was asked to convert it. */
  converted = $state(false);
  /** Why it was not found, or could not be opened. */
  problem = $state.raw<Problem | null>(null);
  /** Where the recording was last written to, or why not; until something else is done with it. */
  saved = $state.raw<SavedSound | null>(null);
  notSaved = $state.raw<Problem | null>(null);
  readonly wave: WaveState;
  /** Hears that the recording was heard to its end, or is not to be had. */
  onend: () => void = () => undefined;

  /** One word for all of it: how it is located while there is no recording, the transport after. */
  phase = $derived.by(() => {
    if (this.locating === 'found')
      return this.transport.phase === 'empty' ? 'buffering' : this.transport.phase;
    return this.locating === 'none' ? this.transport.phase : this.locating;
  });
  playing = $derived(this.phase === 'playing' || this.phase === 'buffering');
  /** There is sound of the open call: it can be played from any second. */
  loaded = $derived(this.locating === 'found' && this.transport.phase !== 'empty');
  /** There is none to go on with: to hear it, it is looked for anew. */
  broken = $derived.by(() => {
    const { phase, problem } = this.transport;
    const lost = phase === 'ended' && problem === 'recordingHostLost';
    return this.locating === 'failed' || this.locating === 'stopped' || phase === 'failed' || lost;
  });
  locates = $derived(
    this.locating === 'looking' || this.locating === 'converting' || this.locating === 'again',
  );
  /** What is wrong: fatal, or a warning beside sound that goes on. */
  trouble = $derived.by((): Problem | null => {
    if (this.problem) return this.problem;
    const code = this.transport.problem;
    return code === null ? null : { code, params: {}, retryable: this.transport.phase === 'failed' };
  });

  /** Whether a person asked for the open recording. */
  asked = false;
  #told = STILL;
  /** In their order. Answers and what is told come by ways of their own: either may be the earlier. */
  #wishes: Wish[] = [];
  /** Of the opening that is heard of; 0 while nothing is open. */
  #ticket = 0;

  /** `kept` hears of what the program remembers of the choices made here; `how` it was heard the last time. */
  constructor(
    private readonly host: Host,
    private readonly kept: (parts: Partial<Settings>) => void = () => undefined,
    how: Pick<Settings, 'volume' | 'hearing'> = STILL,
  ) {
    this.wave = new WaveState(host);
    const { volume, hearing } = how;
    this.transport = this.#told = { ...STILL, volume, hearing };
  }

  async start(): Promise<void> {
    // What a page before this one opened could not be held from here.
    this.host.ask('recording_cancel', { ticket: nextTicket() }).catch(() => undefined);
    await this.host.stream('player_watch', {}, (update) => this.take(update));
  }

  /** What belongs to another opening than the last one has nothing to say here. */
  take(update: PlayerUpdate): void {
    if (update.ticket !== this.#ticket) return;
    switch (update.kind) {
      case 'transport': {
        const before = this.transport.phase;
        this.#told = update.transport;
        this.#settle();
        const { durationSecs, phase, positionSecs, problem } = this.transport;
        if (durationSecs !== null && phase === 'playing') this.wave.follow(positionSecs, durationSecs);
        // A connection that was lost is no end: the person may want to hear the rest.
        const lost = phase === 'ended' && problem === 'recordingHostLost';
        const over = phase === 'ended' || phase === 'failed';
        if (over && !lost && (before === 'playing' || before === 'buffering')) this.onend();
        break;
      }
      case 'reset':
        this.wave.forget();
        break;
      case 'peaks':
        this.wave.take(update.peaks);
        break;
      case 'sound':
        this.wave.report = update.report;
        break;
    }
  }

  /** Nothing is loaded; what the person chose stays. */
  #still(): void {
    const { volume, hearing } = this.transport;
    this.#wishes = this.#wishes.filter((one) => !one.ofRecording);
    this.transport = this.#told = { ...STILL, volume, hearing };
  }

  /** What is told, and what is not in it yet. */
  #settle(): void {
    this.#wishes = this.#wishes.filter((one) => one.due > this.#told.obeyed);
    this.transport = Object.assign({}, this.#told, ...this.#wishes.map((one) => one.parts));
  }

  async #wish(parts: Partial<Transport>, ofRecording: boolean, asked: Promise<number>): Promise<void> {
    const wish: Wish = { parts, ofRecording, due: Number.POSITIVE_INFINITY };
    // One that says the same anew takes its place: a slider that is dragged leaves one wish, not hundreds.
    const older = this.#wishes.filter((one) => Object.keys(one.parts).some((part) => !(part in parts)));
    this.#wishes = [...older, wish];
    this.transport = { ...this.transport, ...parts };
    wish.due = await asked.catch((error) => {
      this.#refused(error);
      return 0;
    });
    this.#settle();
  }

  /**
   * Looks for the recording of a call and plays it, from a second or from where it was left. Only listening opens one: it
   * knows what comes after.
   */
  async open(call: Call, atSecs: number | null, asked: boolean): Promise<void> {
    const ticket = (this.#ticket = nextTicket());
    this.call = call;
    this.asked = asked;
    this.locating = 'looking';
    this.attempts = [];
    this.found = this.round = this.problem = null;
    this.saved = this.notSaved = null;
    this.converted = false;
    this.#still();
    this.wave.forget();
    try {
      await this.host.stream('recording_open', { request: { call, atSecs, asked, ticket } }, (update) => {
        if (ticket === this.#ticket) this.step(update);
      });
    } catch (error) {
      if (ticket !== this.#ticket) return;
      this.locating = 'failed';
      this.problem = asProblem(error);
    }
  }

  step(update: LocateUpdate): void {
    switch (update.kind) {
      case 'looking':
        this.locating = 'looking';
        break;
      case 'tried':
        this.attempts = [...this.attempts, update.attempt];
        break;
      case 'converting':
        this.locating = 'converting';
        this.converted = true;
        break;
      case 'lookingAgain':
        this.locating = 'again';
        this.round = { round: update.round, rounds: update.rounds };
        break;
      case 'found':
        this.locating = 'found';
        this.found = { place: update.place, millis: update.millis, cached: update.cached };
        break;
      case 'moved':
        if (this.found) this.found = { ...this.found, place: update.place, cached: false };
        break;
      case 'failed':
        this.locating = 'failed';
        this.problem = update.problem;
        this.onend();
        break;
    }
  }

  /** Stops looking or converting; the call stays in the player, to try again. */
  async cancel(): Promise<void> {
    const ticket = this.#ticket;
    this.#ticket = 0;
    this.locating = 'stopped';
    await this.host.ask('recording_cancel', { ticket }).catch(() => undefined);
  }

  /** Plays, or pauses. */
  async toggle(): Promise<void> {
    if (!this.call) return;
    this.saved = this.notSaved = null;
    await this.host.ask('player_toggle', {}).catch((error) => this.#refused(error));
  }

  /** Plays on, or from a second. */
  async play(atSecs: number | null = null): Promise<void> {
    if (atSecs !== null) await this.seek(atSecs);
    await this.host.ask('player_play', {}).catch((error) => this.#refused(error));
  }

  async seek(secs: number): Promise<void> {
    if (!this.call) return;
    this.saved = this.notSaved = null;
    const most = this.transport.durationSecs ?? Number.POSITIVE_INFINITY;
    const to = Math.min(Math.max(0, secs), most);
    this.wave.away = false;
    await this.#wish({ positionSecs: to }, true, this.host.ask('player_seek', { secs: to }));
  }

  seekBy(secs: number): void {
    if (!this.call) return;
    const { positionSecs, durationSecs } = this.transport;
    const to = Math.min(Math.max(0, positionSecs + secs), durationSecs ?? Number.POSITIVE_INFINITY);
    void this.#wish({ positionSecs: to }, true, this.host.ask('player_seek_by', { secs }));
  }

  volume(volume: number): void {
    const within = Math.min(1, Math.max(0, volume));
    this.kept({ volume: within });
    void this.#wish({ volume: within }, false, this.host.ask('player_volume', { volume: within }));
  }

  /** A or B is here: what is between them is repeated, whichever of them was first. */
  mark(which: 'a' | 'b'): void {
    if (!this.call) return;
    const { positionSecs: here, loopFromSecs: a, loopToSecs: b } = this.transport;
    if (which === 'a') this.#repeat(here, b !== null && b > here ? b : null);
    else if (a !== null && here < a) this.#repeat(here, a);
    else this.#repeat(a ?? 0, here);
  }

  clearLoop(): void {
    if (this.transport.loopFromSecs !== null) this.#repeat(null, null);
  }

  #repeat(from: number | null, to: number | null): void {
    const parts = { loopFromSecs: from, loopToSecs: to };
    void this.#wish(parts, true, this.host.ask('player_loop', { from, to }));
  }

  /** From the start, whatever was heard of it before. */
  fromStart(): void {
    void this.seek(0);
  }

  /** Shows what is repeated as large as it goes, else all of it. */
  zoomLoop(): void {
    const { durationSecs, loopFromSecs, loopToSecs } = this.transport;
    if (durationSecs === null) return;
    if (loopFromSecs !== null && loopToSecs !== null)
      this.wave.show({ from: loopFromSecs, to: loopToSecs }, durationSecs);
    else this.wave.whole();
  }

  /** Looks closer (a factor over 1) or from further off, around the position. */
  zoom(factor: number): void {
    const { durationSecs, positionSecs } = this.transport;
    if (durationSecs === null) return;
    const { from, to } = this.wave.view(durationSecs);
    const seen = positionSecs >= from && positionSecs <= to;
    this.wave.zoom(factor, seen ? positionSecs : (from + to) / 2, durationSecs);
  }

  /** Writes what is repeated, or the whole recording, to a file the person chooses. */
  async save(title: string): Promise<void> {
    if (!this.call) return;
    const { loopFromSecs, loopToSecs } = this.transport;
    const part = loopToSecs !== null;
    const [from, to] = part ? [loopFromSecs, loopToSecs] : [null, null];
    this.saved = this.notSaved = null;
    try {
      this.saved = await this.host.ask('save_sound', { title, from, to });
    } catch (error) {
      this.notSaved = asProblem(error);
    }
  }

  /** Changes how recordings are heard; it is remembered. */
  hear(parts: Partial<Hearing>): void {
    const hearing = { ...this.transport.hearing, ...parts };
    this.kept({ hearing });
    void this.#wish({ hearing }, false, this.host.ask('player_hearing', { hearing }));
  }

  #refused(error: unknown): void {
    this.problem = asProblem(error);
  }
}
