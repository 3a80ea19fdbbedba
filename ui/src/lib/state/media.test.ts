import { expect, it, vi } from 'vitest';
import type { App } from './app.svelte';
import { press } from './media';

it('plays, pauses and moves as the system says, and takes one press that comes two ways once', () => {
  const player = { playing: false, seekBy: vi.fn(), seek: vi.fn() };
  const listening = { toggle: vi.fn(), move: vi.fn() };
  const app = { signedIn: { listening, player } } as unknown as App;
  press(app, { kind: 'pause' }, true, 0);
  expect(listening.toggle).not.toHaveBeenCalled();
  press(app, { kind: 'play' }, true, 1000);
  expect(listening.toggle).toHaveBeenCalledTimes(1);
  press(app, { kind: 'toggle' }, false, 2000);
  press(app, { kind: 'toggle' }, true, 2050);
  expect(listening.toggle).toHaveBeenCalledTimes(2);
  press(app, { kind: 'toggle' }, true, 2900);
  expect(listening.toggle).toHaveBeenCalledTimes(3);
  press(app, { kind: 'next' }, true, 3000);
  press(app, { kind: 'next' }, true, 3050);
  expect(listening.move.mock.calls).toEqual([[1], [1]]);
  press(app, { kind: 'seekBy', secs: -10 }, true, 4000);
  press(app, { kind: 'seekTo', secs: 30 }, true, 4001);
  expect([player.seekBy.mock.calls, player.seek.mock.calls]).toEqual([[[-10]], [[30]]]);
});
