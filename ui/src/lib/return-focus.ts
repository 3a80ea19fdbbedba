// What opens over a room gives the focus back to what opened it, unless it went elsewhere meanwhile.
import { tick } from 'svelte';

/** Remembers who has the focus; call what it gives back when what was opened is gone. */
export function returnFocus(): () => void {
  const before = document.activeElement;
  return () =>
    void tick().then(() => {
      const lost = !document.activeElement || document.activeElement === document.body;
      if (lost && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    });
}
