import { expect, it, vi } from 'vitest';
import type { App } from './app.svelte';
import { drag } from './file-drag';

function signedIn(parts: { act?: object | null } = {}) {
  const dropped = vi.fn<(paths: string[]) => Promise<void>>(() => Promise.resolve());
  return { dragging: false, act: parts.act ?? null, drop: dropped };
}

it('shows where a file would go while it is above the window, and takes it when it is dropped', () => {
  const one = signedIn();
  const app = { signedIn: one } as unknown as App;
  drag(app, { kind: 'over' });
  expect(one.dragging).toBe(true);
  drag(app, { kind: 'left' });
  expect([one.dragging, one.drop.mock.calls.length]).toEqual([false, 0]);
  drag(app, { kind: 'over' });
  drag(app, { kind: 'dropped', paths: ['/media/base.csv'] });
  expect(one.dragging).toBe(false);
  expect(one.drop.mock.calls).toEqual([[['/media/base.csv']]]);
});

it('does nothing before anybody signed in', () => {
  expect(() => drag({ signedIn: null } as unknown as App, { kind: 'over' })).not.toThrow();
});
