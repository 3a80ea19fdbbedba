import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fakeHost, wished } from '../../lib/host/fake';
import type { Transport } from '../../lib/host/host';
import { i18n } from '../../lib/state/i18n.svelte';
import { PlayerState } from '../../lib/state/player.svelte';
import { call, hears } from '../../lib/testing';
import HearingBar from './HearingBar.svelte';

afterEach(() => {
  cleanup();
  i18n.set('en');
});

function bar(parts: Partial<Transport> = {}, loaded = true) {
  const host = fakeHost({ asks: { player_hearing: wished, player_loop: wished } });
  const player = new PlayerState(host);
  player.call = call();
  hears(player, { phase: 'playing', positionSecs: 42, durationSecs: 90, ...parts });
  render(HearingBar, { player, loaded });
  return { host, player, get: (id: string) => screen.getByTestId(`hearing-${id}`) };
}

describe('the line of hearing', () => {
  it('does by pointer what the keys do', async () => {
    const { get, host, player } = bar();
    await fireEvent.click(get('faster'));
    expect([player.transport.hearing.speed, get('speed').textContent]).toEqual([1.25, '1.25×']);
    await fireEvent.click(get('slower'));
    await fireEvent.click(get('slower'));
    i18n.set('es');
    await vi.waitFor(() => expect(get('speed').textContent).toBe('0,75×'));
    await fireEvent.click(get('speed'));
    await fireEvent.click(get('skip'));
    await fireEvent.click(get('level'));
    expect(player.transport.hearing).toMatchObject({ speed: 1, skipSilence: true, levelled: true });
    expect(get('skip').getAttribute('aria-pressed')).toBe('true');
    await fireEvent.click(get('a'));
    hears(player, { positionSecs: 50 });
    await fireEvent.click(get('b'));
    expect([player.transport.loopFromSecs, player.transport.loopToSecs]).toEqual([42, 50]);
    await fireEvent.click(get('loop-clear'));
    expect(player.transport.loopFromSecs).toBeNull();
    expect(screen.queryByTestId('hearing-loop-clear')).toBeNull();
    // The program was told of every step, not only the window.
    expect(host.asked('player_hearing').map(({ hearing }) => hearing.speed)).toEqual([
      1.25, 1, 0.75, 1, 1, 1,
    ]);
    expect(host.asked('player_hearing').at(-1)?.hearing).toMatchObject({ skipSilence: true, levelled: true });
    expect(host.asked('player_loop')).toEqual([
      { from: 42, to: null },
      { from: 42, to: 50 },
      { from: null, to: null },
    ]);
  });

  it('offers sides only where there are two, and says how much silence was skipped', async () => {
    bar({ channels: 1 });
    expect(screen.queryByTestId('hearing-balance')).toBeNull();
    expect(screen.queryByTestId('hearing-saved')).toBeNull();
    cleanup();
    const { get, player } = bar({ channels: 2, savedSecs: 65 });
    expect(get('saved').textContent).toBe('−1:05');
    await fireEvent.input(get('balance'), { target: { value: '-100' } });
    expect(player.transport.hearing.balance).toBe(-1);
    expect(get('balance').getAttribute('aria-valuetext')).toBe('Left 100 %');
  });

  it('names everything that can be pressed as it is written, and marks nothing where nothing is loaded', () => {
    const { get } = bar({}, false);
    for (const id of ['a', 'b', 'save']) expect(get(id).getAttribute('aria-disabled')).toBe('true');
    const line = within(screen.getByTestId('hearing'));
    for (const button of line.getAllByRole('button')) {
      const [shown, named] = [button.textContent.trim(), button.getAttribute('aria-label')];
      expect(named ?? shown).toBeTruthy();
      // Whoever speaks to the computer says what is written.
      if (named) expect(named).toContain(shown);
    }
  });
});
