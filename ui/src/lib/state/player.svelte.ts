// The player as the window sees it: where it is, what it looks like, and how the recording was found.
import type {
  Attempt,
  Call,
  FindUpdate,
  Hearing,
  Host,
  Place,
  PlayerUpdate,
  Problem,
  Settings,
  Transport,
} from '../host/host';
import { asProblem } from '../host/host';
import { clock } from '../format';

export type Finding = 'none' | 'looking' | 'converting' | 'again' | 'found' | 'failed' | 'stopped';

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
  underruns: 0,
};

/** A name that sorts by day and says whose call it is; nothing a file system would stumble over. */
export function fileName(call: Call, from: number | null, to: number | null): string {
  const part = from === null || to === null ? '' : ` ${clock(from)}-${clock(to)}`;
  const whole = `${call.startedAt.slice(0, 19)} ${call.agent ?? call.guid}${part}`;
  return `${whole.replace(/:/g, '.').replace(/[\\/*?"<>|\p{Cc}]/gu, '-')}.wav`;
}

export class PlayerState {
  transport = $state.raw<Transport>(STILL);
  call = $state.raw<Call | null>(null);
  finding = $state<Finding>('none');
  attempts = $state.raw<Attempt[]>([]);
  found = $state.raw<{ place: Place; millis: number; cached: boolean } | null>(null);
  round = $state.raw<{ round: number; rounds: number } | null>(null);
  /** Whether the server was asked to convert it. */
  converted = $state(false);
  /** Why it was not found, or could not be opened. */
  problem = $state.raw<Problem | null>(null);
  /** Where the recording was last written to, or why not; until something else is done with it. */
  saved = $state.raw<string | null>(null);
  notSaved = $state.raw<Problem | null>(null);
  /** Places of this recording that somebody marked; the waveform draws them. */
  marks = $state.raw<{ id: string; atSecs: number; label: string }[]>([]);
  /** Grows with every stretch of the waveform; `bars` itself is too large to watch. */
  barsVersion = $state(0);
  barsPerSecond = $state(20);
  bars: Uint8Array = new Uint8Array(0);
  barCount = 0;

  /** One word for all of it: the finding while there is no recording, the transport after. */
  phase = $derived.by(() => {
    if (this.finding === 'found')
      return this.transport.phase === 'empty' ? 'buffering' : this.transport.phase;
    return this.finding === 'none' ? this.transport.phase : this.finding;
  });
  playing = $derived(this.phase === 'playing' || this.phase === 'buffering');
  finds = $derived(this.finding === 'looking' || this.finding === 'converting' || this.finding === 'again');
  /** What is wrong: fatal, or a warning beside sound that goes on. */
  trouble = $derived.by((): Problem | null => {
    if (this.problem) return this.problem;
    const code = this.transport.problem;
    return code === null ? null : { code, params: {}, retryable: this.transport.phase === 'failed' };
  });

  #turn = 0;

  /** `kept` hears of what the program remembers of the choices made here. */
  constructor(
    private readonly host: Host,
    private readonly kept: (parts: Partial<Settings>) => void = () => undefined,
  ) {}

  async start(): Promise<void> {
    await this.host.stream('player_watch', {}, (update) => this.take(update));
  }

  take(update: PlayerUpdate): void {
    switch (update.kind) {
      case 'transport':
        this.transport = update.transport;
        break;
      case 'reset':
        this.#forgetBars();
        break;
      case 'peaks': {
        const { from, bars, perSecond } = update.peaks;
        const end = from + bars.length;
        if (end > this.bars.length) {
          const larger = new Uint8Array(Math.max(end, 2 * this.bars.length, 1024));
          larger.set(this.bars);
          this.bars = larger;
        }
        this.bars.set(bars, from);
        this.barCount = Math.max(this.barCount, end);
        this.barsPerSecond = perSecond;
        this.barsVersion += 1;
        break;
      }
    }
  }

  /** Nothing is loaded; what the person chose stays. */
  #still(): void {
    const { volume, hearing } = this.transport;
    this.transport = { ...STILL, volume, hearing };
  }

  #forgetBars(): void {
    this.bars = new Uint8Array(0);
    this.barCount = 0;
    this.barsVersion += 1;
  }

  /** Looks for the recording of a call and plays it. */
  async open(call: Call, autoplay = true): Promise<void> {
    const turn = ++this.#turn;
    if (this.call?.guid !== call.guid) this.marks = [];
    this.call = call;
    this.finding = 'looking';
    this.attempts = [];
    this.found = this.round = this.problem = null;
    this.saved = this.notSaved = null;
    this.converted = false;
    this.#still();
    this.#forgetBars();
    try {
      await this.host.stream('recording_open', { call, autoplay }, (update) => {
        if (turn === this.#turn) this.step(update);
      });
    } catch (error) {
      if (turn !== this.#turn) return;
      this.finding = 'failed';
      this.problem = asProblem(error);
    }
  }

  step(update: FindUpdate): void {
    switch (update.kind) {
      case 'looking':
        this.finding = 'looking';
        break;
      case 'tried':
        this.attempts = [...this.attempts, update.attempt];
        break;
      case 'converting':
        this.finding = 'converting';
        this.converted = true;
        break;
      case 'lookingAgain':
        this.finding = 'again';
        this.round = { round: update.round, rounds: update.rounds };
        break;
      case 'found':
        this.finding = 'found';
        this.found = { place: update.place, millis: update.millis, cached: update.cached };
        break;
      case 'failed':
        this.finding = 'failed';
        this.problem = update.problem;
        break;
    }
  }

  /** Empties the player. */
  async close(): Promise<void> {
    this.#turn += 1;
    this.call = null;
    this.finding = 'none';
    this.attempts = [];
    this.found = this.round = this.problem = null;
    this.#still();
    this.#forgetBars();
    await this.host.ask('recording_cancel', {}).catch(() => undefined);
  }

  /** Stops looking or converting; the call stays in the player, to try again. */
  async cancel(): Promise<void> {
    this.#turn += 1;
    this.finding = 'stopped';
    await this.host.ask('recording_cancel', {}).catch(() => undefined);
  }

  /** Plays, pauses, or looks again when there is nothing to play. */
  async toggle(): Promise<void> {
    if (this.finds) return;
    this.saved = this.notSaved = null;
    const broken =
      this.finding === 'failed' || this.finding === 'stopped' || this.transport.phase === 'failed';
    if (this.call && broken) await this.open(this.call);
    else if (this.call) await this.host.ask('player_toggle', {}).catch((error) => this.#refused(error));
  }

  seek(secs: number): void {
    if (!this.call) return;
    this.saved = this.notSaved = null;
    const most = this.transport.durationSecs ?? Number.POSITIVE_INFINITY;
    const to = Math.min(Math.max(0, secs), most);
    this.host.ask('player_seek', { secs: to }).catch((error) => this.#refused(error));
  }

  seekBy(secs: number): void {
    if (!this.call) return;
    this.host.ask('player_seek_by', { secs }).catch((error) => this.#refused(error));
  }

  volume(volume: number): void {
    const within = Math.min(1, Math.max(0, volume));
    this.transport = { ...this.transport, volume: within };
    this.kept({ volume: within });
    this.host.ask('player_volume', { volume: within }).catch((error) => this.#refused(error));
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
    this.transport = { ...this.transport, loopFromSecs: from, loopToSecs: to };
    this.host.ask('player_loop', { from, to }).catch((error) => this.#refused(error));
  }

  /** Writes what is repeated, or the whole recording, to a file the person chooses. */
  async save(title: string): Promise<void> {
    if (!this.call) return;
    const { loopFromSecs, loopToSecs } = this.transport;
    const part = loopToSecs !== null;
    const [from, to] = part ? [loopFromSecs, loopToSecs] : [null, null];
    const name = fileName(this.call, from, to);
    this.saved = this.notSaved = null;
    try {
      this.saved = await this.host.ask('save_sound', { title, name, from, to });
    } catch (error) {
      this.notSaved = asProblem(error);
    }
  }

  /** Changes how recordings are heard; it is remembered. */
  hear(parts: Partial<Hearing>): void {
    const hearing = { ...this.transport.hearing, ...parts };
    this.transport = { ...this.transport, hearing };
    this.kept({ hearing });
    this.host.ask('player_hearing', { hearing }).catch((error) => this.#refused(error));
  }

  #refused(error: unknown): void {
    this.problem = asProblem(error);
  }
}
