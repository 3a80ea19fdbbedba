// The keyboard's media keys, in every room of the window: as keys where the page gets them, and from the system, which
// shows what is on air and hands on what is pressed there.
import type { MediaKey } from '../host/host';
import type { App } from './app.svelte';
import type { Runs } from './keys.svelte';

/** Some systems hand one press to the page and to their media controls: the second way is not a second press. */
const ONE_PRESS_MS = 300;
let last = { kind: '', system: false, at: -Infinity };

/** Does what a media key says. */
export function press(app: App, key: MediaKey, system: boolean, now = performance.now()): void {
  const again = key.kind === last.kind && system !== last.system && now - last.at < ONE_PRESS_MS;
  last = { kind: key.kind, system, at: now };
  if (again) return;
  const { signedIn } = app;
  if (!signedIn) return;
  const { listening, player } = signedIn;
  switch (key.kind) {
    case 'toggle':
      return void listening.toggle();
    case 'play':
      return void (player.playing || listening.toggle());
    case 'pause':
      return void (player.playing && listening.toggle());
    case 'next':
      return void listening.move(1);
    case 'previous':
      return void listening.move(-1);
    case 'seekBy':
      return player.seekBy(key.secs);
    case 'seekTo':
      return void player.seek(key.secs);
  }
}

export function mediaKeys(app: App): Runs {
  const run = (kind: 'toggle' | 'pause' | 'next' | 'previous') => () => press(app, { kind }, false);
  return {
    'media.toggle': run('toggle'),
    'media.stop': run('pause'),
    'media.next': run('next'),
    'media.previous': run('previous'),
  };
}

/** Answers the system's media controls for as long as the window lives. */
export async function answerMediaKeys(app: App): Promise<void> {
  await app.host.stream('media_watch', {}, (key) => press(app, key, true)).catch(() => undefined);
}
