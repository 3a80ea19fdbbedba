import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeHost, wished } from '../../lib/host/fake';
import { PlayerState } from '../../lib/state/player.svelte';
import { call, hears } from '../../lib/testing';
import TimeEntry from './TimeEntry.svelte';

afterEach(cleanup);

async function typing() {
  const host = fakeHost({ asks: { player_seek: wished } });
  const player = new PlayerState(host);
  player.call = call();
  hears(player, { phase: 'playing', positionSecs: 65.4, durationSecs: 300 });
  render(TimeEntry, { player, loaded: true });
  expect(screen.getByTestId('player-position').textContent).toBe('1:05');
  await fireEvent.click(screen.getByTestId('player-time'));
  return { host, field: screen.getByTestId('player-time-entry') as HTMLInputElement };
}

describe('the time as a field', () => {
  it('goes to what is typed, inside the call', async () => {
    for (const [text, secs] of [
      ['2:03', 123],
      ['45', 45],
      ['1:00:00', 300],
    ] as const) {
      const { host, field } = await typing();
      expect(field.value).toBe('1:05');
      await fireEvent.input(field, { target: { value: text } });
      await fireEvent.keyDown(field, { key: 'Enter' });
      expect(host.asked('player_seek')).toEqual([{ secs }]);
      expect(document.activeElement).toBe(screen.getByTestId('player-time'));
      cleanup();
    }
  });

  it('goes nowhere with what is no time, or when left', async () => {
    const { host, field } = await typing();
    for (const text of ['soon', '']) {
      await fireEvent.input(field, { target: { value: text } });
      await fireEvent.keyDown(field, { key: 'Enter' });
    }
    expect(screen.getByTestId('player-time-entry')).toBe(field);
    await fireEvent.keyDown(field, { key: 'Escape' });
    expect(screen.queryByTestId('player-time-entry')).toBeNull();
    expect(host.log).toEqual([]);
  });
});
