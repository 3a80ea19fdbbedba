// The keyboard's media keys, in every room of the window: as keys where the page gets them, and through the page's media
// session where the system sends them there.
import type { App } from './app.svelte';
import type { Binding } from './keys.svelte';

export function mediaKeys(app: App): Binding[] {
  return [
    {
      codes: ['MediaPlayPause', 'MediaPlay', 'MediaPause', 'MediaStop'],
      shown: '⏯',
      label: 'hear_keys_media_play',
      run: () => void app.player.toggle(),
    },
    {
      codes: ['MediaTrackNext'],
      shown: '⏭',
      label: 'keys_next_call',
      run: () => void app.playBeside(1),
    },
    {
      codes: ['MediaTrackPrevious'],
      shown: '⏮',
      label: 'keys_previous_call',
      run: () => void app.playBeside(-1),
    },
  ];
}

/** Answers the system's media controls; gives back what ends that. */
export function answerMediaSession(app: App): () => void {
  const session = 'mediaSession' in navigator ? navigator.mediaSession : null;
  if (!session) return () => undefined;
  const answers: [MediaSessionAction, () => void][] = [
    ['play', () => void app.player.toggle()],
    ['pause', () => void app.player.toggle()],
    ['nexttrack', () => void app.playBeside(1)],
    ['previoustrack', () => void app.playBeside(-1)],
    ['seekbackward', () => app.player.seekBy(-10)],
    ['seekforward', () => app.player.seekBy(10)],
  ];
  const set = (action: MediaSessionAction, answer: (() => void) | null) => {
    try {
      session.setActionHandler(action, answer);
    } catch {
      // An action this engine does not know: the others still work.
    }
  };
  answers.forEach(([action, answer]) => set(action, answer));
  return () => answers.forEach(([action]) => set(action, null));
}

/** Tells the system whether something plays. */
export function tellMediaSession(playing: boolean, some: boolean): void {
  if ('mediaSession' in navigator)
    navigator.mediaSession.playbackState = playing ? 'playing' : some ? 'paused' : 'none';
}
