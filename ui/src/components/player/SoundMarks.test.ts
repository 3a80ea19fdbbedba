import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fakeHost } from '../../lib/host/fake';
import { mockReport } from '../../lib/host/mock-sound';
import { PlayerState } from '../../lib/state/player.svelte';
import SoundMarks from './SoundMarks.svelte';

afterEach(cleanup);

function shown(part: { from: number; to: number }) {
  const player = new PlayerState(fakeHost({}));
  player.seek = vi.fn(() => Promise.resolve());
  player.wave.report = mockReport(100);
  const { container } = render(SoundMarks, { player, part, top: 64 });
  return { player, kinds: () => [...container.querySelectorAll('button')].map((one) => one.dataset.kind) };
}

describe('marks of what can be heard', () => {
  it('stand where it is, with words, and go there', async () => {
    const { player, kinds } = shown({ from: 0, to: 100 });
    expect(kinds()).toEqual(['silence', 'hold', 'overlap', 'clipping', 'silence']);
    const hold = screen.getByRole('button', { name: /0:30–0:44/ });
    expect([hold.style.left, hold.title]).toEqual(['30%', hold.getAttribute('aria-label')]);
    expect(parseFloat(hold.style.width)).toBeCloseTo(14);
    await fireEvent.click(hold);
    expect(player.seek).toHaveBeenCalledWith(30);
  });

  it('are those of the part in view, cut at its ends', () => {
    const { kinds } = shown({ from: 35, to: 54 });
    expect(kinds()).toEqual(['hold', 'overlap']);
    expect(screen.getByRole('button', { name: /0:30–0:44/ }).style.left).toBe('0%');
  });
});
