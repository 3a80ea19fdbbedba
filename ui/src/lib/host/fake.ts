// A program behind the window for one test: it answers what the test lets it answer, says what the test makes it say, and
// whatever else it is asked is refused, and fails the test at its end: also where the window takes a refusal quietly.
import { expect, onTestFinished } from 'vitest';
import type { Answers, Args, Feeds, Message } from './answers';
import type { Streams } from './generated/commands';
import type { CommandName, Host, Problem, StreamName } from './host';

/** Something opened: only ever read by its own name, and so with its own types. */
interface Open {
  name: StreamName;
  args: unknown;
  on: (message: never) => void;
}

export class FakeHost implements Host {
  /** What was asked without the test having an answer for it. */
  readonly unexpected: (CommandName | StreamName)[] = [];
  readonly #asked: { name: CommandName; args: unknown }[] = [];
  readonly #open: Open[] = [];

  constructor(
    /** May be changed while the test goes on. */
    readonly asks: Partial<Answers>,
    readonly streams: Partial<Feeds>,
  ) {}

  ask: Host['ask'] = (name, args) => {
    this.#asked.push({ name, args });
    const answer = this.asks[name];
    return this.#answered(name, answer && (() => answer(args)));
  };

  stream: Host['stream'] = (name, args, on) => {
    this.#open.push({ name, args, on });
    const feed = this.streams[name];
    return this.#answered(name, feed && (() => feed(args, on)));
  };

  /** Every command, in the order it was asked. */
  get log(): CommandName[] {
    return this.#asked.map((one) => one.name);
  }

  /** What a command was asked with, each time. */
  asked<K extends CommandName>(name: K): Args<K>[] {
    return this.#asked.flatMap((one) => (one.name === name ? [one.args as Args<K>] : []));
  }

  /** What a stream was opened with, each time. */
  opened<K extends StreamName>(name: K): Streams[K]['args'][] {
    return this.#of(name).map((one) => one.args as Streams[K]['args']);
  }

  /** Says something on a stream: on the one opened last, or the one opened `turn`th, from 0. */
  emit<K extends StreamName>(name: K, message: Message<K>, turn = -1): void {
    const open = this.#of(name).at(turn);
    if (!open) throw new Error(`nobody has opened ${name}`);
    (open.on as (message: Message<K>) => void)(message);
  }

  #of = (name: StreamName): Open[] => this.#open.filter((one) => one.name === name);

  #answered<T>(name: CommandName | StreamName, answer?: () => T | Promise<T>): Promise<T> {
    if (!answer) {
      this.unexpected.push(name);
      const problem: Problem = { code: 'unexpectedInTest', params: { detail: name }, retryable: false };
      return Promise.reject(problem);
    }
    try {
      return Promise.resolve(answer());
    } catch (error) {
      return Promise.reject(error);
    }
  }
}

/** A program for the test that runs now. */
export function fakeHost({
  asks = {},
  streams = {},
}: { asks?: Partial<Answers>; streams?: Partial<Feeds> } = {}) {
  const host = new FakeHost(asks, streams);
  onTestFinished(() => expect(host.unexpected, 'asked without an answer').toEqual([]));
  return host;
}

/** An answer that says no more than that it was taken. */
export const taken = () => null;

/** An answer of the player to a wish that is not in what it tells yet. */
export const wished = () => 1;

/** Every stream that is only listened to, silent until the test speaks on it. */
export const watches = {
  session_watch: taken,
  settings_watch: taken,
  floor_watch: taken,
  ahead_watch: taken,
  alerts_watch: taken,
  daily_watch: taken,
  tags_watch: taken,
  team_watch: taken,
  marks_watch: taken,
  drags_watch: taken,
  media_watch: taken,
  player_watch: taken,
} satisfies Partial<Feeds>;

/** Answers that come when the test says so, in any order. */
export function later<T>() {
  const waiting: ((value: T) => void)[] = [];
  return { ask: () => new Promise<T>((resolve) => waiting.push(resolve)), answer: waiting };
}
