// Files dragged onto the window, which the system tells the program of: they go where one would be picked. Left out on
// purpose: what is in them.
import type { FileDrag } from '../host/host';
import type { App } from './app.svelte';

/** Does what a drag says. */
export function drag(app: App, { kind, ...more }: FileDrag): void {
  const { signedIn } = app;
  if (!signedIn) return;
  signedIn.dragging = kind === 'over';
  if (kind === 'dropped' && 'paths' in more) void signedIn.drop(more.paths);
}

/** Takes what is dropped for as long as the window lives. */
export async function answerDrags(app: App): Promise<void> {
  await app.host.stream('drags_watch', {}, (update) => drag(app, update)).catch(() => undefined);
}
