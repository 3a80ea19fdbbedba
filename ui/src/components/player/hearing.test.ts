import { describe, expect, it, vi } from 'vitest';
import { fakeHost, wished } from '../../lib/host/fake';
import { keys } from '../../lib/state/keys.svelte';
import { call, hears } from '../../lib/testing';
import { PlayerState } from '../../lib/state/player.svelte';
import { besideSpeed, hearingKeys, SPEEDS } from './hearing';

describe('the speeds', () => {
  it('are taken one after the other and end where they end', () => {
    const up = [0.5];
    while (up.length < 20) {
      const next = besideSpeed(up.at(-1) ?? 1, 1);
      if (next === up.at(-1)) break;
      up.push(next);
    }
    expect(up).toEqual(SPEEDS);
    expect([besideSpeed(0.5, -1), besideSpeed(1.1, -1), besideSpeed(1.1, 1)]).toEqual([0.5, 1, 1.25]);
  });
});

/** A player, and a keyboard of which only the position of a key is known. */
function desk() {
  const host = fakeHost({ asks: { player_hearing: wished, player_loop: wished } });
  const kept = vi.fn();
  const player = new PlayerState(host, kept);
  const away = keys.add(hearingKeys(player));
  const press = (code: string, key = 'Dead') => keys.handle(new KeyboardEvent('keydown', { code, key }));
  return { host, away, kept, player, press };
}

describe('the keys of hearing', () => {
  it('change the speed by where they are, whatever is written on them', () => {
    const { host, away, kept, player, press } = desk();
    press('BracketRight', '+');
    press('KeyF', 'f');
    expect(player.transport.hearing.speed).toBe(1.5);
    press('BracketLeft', '`');
    expect(player.transport.hearing.speed).toBe(1.25);
    press('Backspace', 'Backspace');
    expect(player.transport.hearing.speed).toBe(1);
    expect(host.asked('player_hearing').map((one) => one.hearing.speed)).toEqual([1.25, 1.5, 1.25, 1]);
    press('KeyS', 'S');
    expect(player.transport.hearing.skipSilence).toBe(true);
    press('KeyV', 'v');
    const hearing = { speed: 1, skipSilence: true, levelled: true, balance: 0, stepBackSecs: 1.5 };
    expect(host.log).toEqual(Array(6).fill('player_hearing'));
    expect(host.asked('player_hearing').at(-1)).toEqual({ hearing });
    expect(kept).toHaveBeenLastCalledWith({ hearing });
    away();
  });

  it('repeat what is between two places, in whichever order they were marked', () => {
    const { host, away, player, press } = desk();
    press('KeyA', 'a');
    expect(host.log).toEqual([]);
    player.call = call();
    const at = (positionSecs: number, code: string) => {
      hears(player, { positionSecs });
      press(code);
      return [player.transport.loopFromSecs, player.transport.loopToSecs];
    };
    expect(at(0, 'Escape')).toEqual([null, null]);
    expect(host.log).toEqual([]);
    expect(at(10, 'KeyA')).toEqual([10, null]);
    expect(at(14.5, 'KeyB')).toEqual([10, 14.5]);
    expect(host.asked('player_loop').at(-1)).toEqual({ from: 10, to: 14.5 });
    expect(at(12, 'KeyA')).toEqual([12, 14.5]);
    expect(at(20, 'KeyA')).toEqual([20, null]);
    expect(at(18, 'KeyB')).toEqual([18, 20]);
    expect(at(19, 'Escape')).toEqual([null, null]);
    expect(at(3, 'KeyB')).toEqual([0, 3]);
    expect(host.asked('player_loop').at(-1)).toEqual({ from: 0, to: 3 });
    away();
  });
});
