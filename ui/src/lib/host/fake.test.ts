import { expect, it } from 'vitest';
import { board } from '../testing';
import { FakeHost, taken, wished } from './fake';

it('refuses what the test has no answer for, also where the refusal is taken quietly, and says what it was', async () => {
  const host = new FakeHost({ player_seek: wished }, { player_watch: taken });
  const heard: string[] = [];
  await host.stream('player_watch', {}, (update) => heard.push(update.kind));
  await host.ask('player_seek', { secs: 3 });
  host.emit('player_watch', { kind: 'reset', ticket: 0, guid: null });
  expect([host.asked('player_seek'), heard, host.unexpected]).toEqual([[{ secs: 3 }], ['reset'], []]);
  await host.ask('player_play', {}).catch(() => undefined);
  await host.stream('tags_watch', {}, () => undefined).catch(() => undefined);
  expect(host.unexpected).toEqual(['player_play', 'tags_watch']);
  expect(() => host.emit('alerts_watch', board())).toThrow('alerts_watch');
});
