import { afterEach, expect, it, vi } from 'vitest';
import type { SessionState } from './host';
import { tauri } from './tauri';

interface Asked {
  name: string;
  args: Record<string, unknown>;
  answer: (reply: unknown) => void;
  refuse: (error: unknown) => void;
}

const { asked, invoke } = vi.hoisted(() => {
  const asked: Asked[] = [];
  const invoke = (name: string, args: Record<string, unknown>) =>
    new Promise((answer, refuse) => asked.push({ name, args, answer, refuse }));
  return { asked, invoke };
});
vi.mock('@tauri-apps/api/core', () => ({ invoke }));

const settled = () => new Promise((done) => setTimeout(done));
const names = () => asked.map((one) => one.name);
function last(name: string): Asked {
  const found = asked.findLast((one) => one.name === name);
  if (!found) throw new Error(`nobody asked for ${name}`);
  return found;
}

afterEach(() => void asked.splice(0));

it('does what holds until the next word one after the other, and everything else at once', async () => {
  const ended: string[] = [];
  const first = tauri.ask('player_volume', { volume: 40 }).catch(() => ended.push('refused'));
  const second = tauri.ask('player_pause', {}).then(() => ended.push('paused'));
  void tauri.ask('floor_hidden', { hidden: true });
  void tauri.ask('settings_get', {});
  void tauri.ask('player_detail', { from: 0, to: 1, columns: 2 });
  await settled();
  expect(names().toSorted()).toEqual(['floor_hidden', 'player_detail', 'player_volume', 'settings_get']);
  // One that failed holds up nobody.
  last('player_volume').refuse(new Error('no'));
  await settled();
  expect(names()).toContain('player_pause');
  last('player_pause').answer(null);
  await Promise.all([first, second]);
  expect(ended).toEqual(['refused', 'paused']);
});

it('fetches what all streams tell with one request at a time, and what one breaks costs no other', async () => {
  const broken = vi.fn();
  vi.stubGlobal('reportError', broken);
  const sessions: SessionState[] = [];
  const tags: unknown[] = [];
  void tauri.stream('session_watch', {}, (state) => sessions.push(state));
  void tauri.stream('tags_watch', {}, () => {
    throw new Error('broken');
  });
  void tauri.stream('marks_watch', {}, (mark) => tags.push(mark));
  await settled();
  const ids = ['session_watch', 'tags_watch', 'marks_watch'].map(
    (name) => last(name).args.stream as { page: number; stream: number },
  );
  expect(new Set(ids.map((one) => one.page)).size).toBe(1);
  const [session, tag, mark] = ids.map((one) => one.stream);
  expect(names().filter((name) => name === 'told')).toHaveLength(1);
  expect(last('told').args).toEqual({ page: ids[0]?.page });

  last('told').answer([[session, { signedIn: false }], [tag, 1], [mark, 2], [9999, 3], [mark], [mark, 4]]);
  await settled();
  expect(sessions).toEqual([{ signedIn: false }]);
  expect(tags, 'nothing comes after the end').toEqual([2]);
  expect(broken).toHaveBeenCalledOnce();
  // It asks again at once, and waits.
  expect(names().filter((name) => name === 'told')).toHaveLength(2);
  last('told').answer([[session, { signedIn: true }]]);
  await settled();
  expect(sessions).toHaveLength(2);
  vi.unstubAllGlobals();
});
