import { afterEach, expect, it, vi } from 'vitest';
import { whileSeen } from './while-seen';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('looks while it is seen, at once when it is seen again, and no more once it is ended', () => {
  vi.useFakeTimers();
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(false);
  const turn = (away: boolean) => {
    hidden.mockReturnValue(away);
    document.dispatchEvent(new Event('visibilitychange'));
  };
  const run = vi.fn();
  const end = whileSeen(1000, run);
  vi.advanceTimersByTime(2500);
  expect(run).toHaveBeenCalledTimes(2);
  turn(true);
  vi.advanceTimersByTime(60_000);
  expect(run).toHaveBeenCalledTimes(2);
  turn(false);
  expect(run).toHaveBeenCalledTimes(3);
  vi.advanceTimersByTime(1000);
  expect(run).toHaveBeenCalledTimes(4);
  end();
  turn(true);
  turn(false);
  vi.advanceTimersByTime(5000);
  expect(run).toHaveBeenCalledTimes(4);
});
