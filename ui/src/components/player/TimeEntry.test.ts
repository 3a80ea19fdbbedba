import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Host } from '../../lib/host/host';
import { PlayerState } from '../../lib/state/player.svelte';
import { call } from '../../lib/testing';
import TimeEntry from './TimeEntry.svelte';

afterEach(cleanup);

async function typing() {
  const ask = vi.fn(() => Promise.resolve(null));
  const player = new PlayerState({ ask } as unknown as Host);
  player.call = call();
  player.transport = { ...player.transport, phase: 'playing', positionSecs: 65.4, durationSecs: 300 };
  render(TimeEntry, { player, loaded: true });
  expect(screen.getByTestId('player-position').textContent).toBe('1:05');
  await fireEvent.click(screen.getByTestId('player-time'));
  return { ask, field: screen.getByTestId('player-time-entry') as HTMLInputElement };
}

describe('the time as a field', () => {
  it('goes to what is typed, inside the call', async () => {
    for (const [text, secs] of [
      ['2:03', 123],
      ['45', 45],
      ['1:00:00', 300],
    ] as const) {
      const { ask, field } = await typing();
      expect(field.value).toBe('1:05');
      await fireEvent.input(field, { target: { value: text } });
      await fireEvent.keyDown(field, { key: 'Enter' });
      expect(ask).toHaveBeenCalledExactlyOnceWith('player_seek', { secs });
      expect(document.activeElement).toBe(screen.getByTestId('player-time'));
      cleanup();
    }
  });

  it('goes nowhere with what is no time, or when left', async () => {
    const { ask, field } = await typing();
    for (const text of ['soon', '']) {
      await fireEvent.input(field, { target: { value: text } });
      await fireEvent.keyDown(field, { key: 'Enter' });
    }
    expect(screen.getByTestId('player-time-entry')).toBe(field);
    await fireEvent.keyDown(field, { key: 'Escape' });
    expect(screen.queryByTestId('player-time-entry')).toBeNull();
    expect(ask).not.toHaveBeenCalled();
  });
});
