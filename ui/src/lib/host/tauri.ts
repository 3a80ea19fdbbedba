// The only place that speaks to Tauri. Everything the program tells of its own accord is fetched with one request at a time, which
// stays open until there is something: a page that is sent scripts keeps every one of them, compiled.
import { invoke } from '@tauri-apps/api/core';
import type { Host } from './host';

/**
 * What holds until the next word of its kind. The program does what it is asked side by side, and of two words that were on
 * their way together the earlier one could be the last: each of these waits for the one before it.
 */
const IN_TURN = /^(player_(?!detail)|floor_(visible|hidden)$|\w+_watch$)/;

/** This page, so that what was meant for the one before a reload is nobody's. */
const page = crypto.getRandomValues(new Uint32Array(1))[0];
/** Milliseconds until it is asked again, when asking failed or there was nothing after all. */
const AGAIN = 1000;

const heard = new Map<number, (message: unknown) => void>();
let streams = 0;

async function listen(): Promise<never> {
  for (;;) {
    const told = await invoke<[number, unknown?][]>('told', { page }).catch(() => null);
    if (!told?.length) await new Promise((wake) => setTimeout(wake, AGAIN));
    for (const [stream, ...messages] of told ?? []) {
      // A stream alone is over.
      if (!messages.length) heard.delete(stream);
      try {
        for (const message of messages) heard.get(stream)?.(message);
      } catch (error) {
        // What one stream breaks costs no other.
        reportError(error);
      }
    }
  }
}

const before = new Map<string, Promise<unknown>>();

function asked<Reply>(name: string, args: Record<string, unknown>): Promise<Reply> {
  if (!IN_TURN.test(name)) return invoke<Reply>(name, args);
  const kind = name.startsWith('player_') ? 'player' : name;
  const reply = (before.get(kind) ?? Promise.resolve()).then(() => invoke<Reply>(name, args));
  before.set(
    kind,
    reply.catch(() => undefined),
  );
  return reply;
}

export const tauri: Host = {
  ask: (name, args) => asked(name, args),
  stream: (name, args, on) => {
    const stream = ++streams;
    heard.set(stream, (message) => {
      on(message as Parameters<typeof on>[0]);
      // The next update waits for this one to be taken: a busy window never has a queue of them.
      if (name === 'floor_watch') void invoke('floor_taken');
    });
    if (stream === 1) void listen();
    return asked(name, { ...args, stream: { page, stream } });
  },
};
