// A program for tests, typed as the real one: it answers what it was told to answer, refuses everything else, and keeps
// what it was asked and which streams were opened, so that a test can speak on them.
import type { Commands, Streams } from '../host/generated/commands';
import type { CommandName, Host, Problem, Profile, SessionState, Settings, StreamName } from '../host/host';
import { thresholds } from '../testing';

type Reply<T> = T | Promise<T>;
export type Answers = {
  [K in CommandName]?: (args: Commands[K]['args']) => Reply<Commands[K]['reply']>;
};
type Openings = { [K in StreamName]?: (args: Streams[K]['args']) => Reply<Streams[K]['reply']> };
interface Opened<K extends StreamName> {
  name: K;
  args: Streams[K]['args'];
  say: (message: Streams[K]['message']) => void;
}

const refused: Problem = { code: 'unexpected', params: {}, retryable: false };

export class FakeProgram implements Host {
  readonly #asked: { name: CommandName; args: unknown }[] = [];
  readonly #opened: Opened<StreamName>[] = [];

  constructor(
    readonly answers: Answers = {},
    readonly openings: Openings = {},
  ) {}

  ask: Host['ask'] = async <K extends CommandName>(name: K, args: Commands[K]['args']) => {
    this.#asked.push({ name, args });
    const answer: Answers[K] = this.answers[name];
    if (!answer) throw refused;
    return answer(args);
  };

  /** A stream is open at once; what it answers with is told, or nothing. */
  stream: Host['stream'] = async <K extends StreamName>(
    name: K,
    args: Streams[K]['args'],
    on: (message: Streams[K]['message']) => void,
  ) => {
    this.#opened.push({ name, args, say: on } as unknown as Opened<StreamName>);
    const opening: Openings[K] = this.openings[name];
    return (opening ? await opening(args) : null) as Streams[K]['reply'];
  };

  /** With what a command was asked, each time. */
  asked<K extends CommandName>(name: K): Commands[K]['args'][] {
    return this.#asked.flatMap((one) => (one.name === name ? [one.args as Commands[K]['args']] : []));
  }

  /** Each opening of a stream, the last one last. */
  opened<K extends StreamName>(name: K): Opened<K>[] {
    return this.#opened.flatMap((one) => (one.name === name ? [one as unknown as Opened<K>] : []));
  }

  /** Speaks on the newest of a stream. */
  say<K extends StreamName>(name: K, message: Streams[K]['message']): void {
    this.opened(name).at(-1)?.say(message);
  }
}

const profile = (id: string): Profile => ({
  id,
  name: id,
  serverUrl: `https://${id}.example/Integra/resources`,
  user: 'supervisor',
  telephonyUrl: `https://${id}.example`,
  backupUrl: null,
  extraCaPath: null,
  keep: true,
  hasStoredPassword: true,
});

/** Signed in with a profile of this name, or nobody. */
export function session(id: string | null): SessionState {
  return {
    signedIn: id !== null,
    profile: profile(id ?? 'central'),
    profiles: [profile('central'), profile('branch')],
    secretStore: 'os',
    reviewer: 'Ana',
    demo: false,
    preparing: false,
    signedOutReason: null,
  };
}

export function settings(parts: Partial<Settings> = {}): Settings {
  return {
    language: 'en',
    theme: 'light',
    pollEverySecs: 3,
    requestsPerSecond: 4,
    reviewer: 'Ana',
    audioDevice: null,
    volume: 0.8,
    hearing: { speed: 1, skipSilence: false, levelled: false, balance: 0, stepBackSecs: 1.5 },
    autoAdvance: false,
    saveAsWav: true,
    cacheMaxMb: 500,
    wipeCacheOnSignOut: false,
    historyDays: 30,
    historyMaxMb: 1000,
    thresholds,
    floorView: null,
    callsView: null,
    searches: null,
    tagPresets: [],
    alertRules: [],
    alertSound: false,
    alertNotice: false,
    quietHours: null,
    teams: [],
    pauseLimits: [],
    views: null,
    walls: null,
    ...parts,
  };
}
