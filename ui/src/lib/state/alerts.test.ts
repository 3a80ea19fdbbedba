import { afterEach, describe, expect, it, vi } from 'vitest';
import { fakeHost, taken } from '../host/fake';
import type { Alert } from '../host/host';
import { alert, alertPart, board as boardOf, reviewAlert } from '../testing';
import { AlertsState, demanding, news, reviewNews } from './alerts.svelte';

afterEach(() => vi.useRealTimers());

describe('alerts', () => {
  it('demand something until they are seen to or put off', () => {
    const active = [
      alert(),
      alert({ id: 2, acknowledgedMs: 5 }),
      alert({ id: 3, snoozedUntilMs: 100 }),
      alert({ id: 4, snoozedUntilMs: 10 }),
    ];
    expect(demanding(active, 50).map((one) => one.id)).toEqual([1, 4]);
  });

  it('are news when raised, when worse, and when they come back', () => {
    const before = [alert(), alert({ id: 2 }), alert({ id: 3, snoozedUntilMs: 100 }), alert({ id: 4 })];
    const after = [
      alert({ parts: [alertPart({ value: 5 })] }),
      alert({ id: 2, severity: 'bad' }),
      alert({ id: 3 }),
      alert({ id: 4, acknowledgedMs: 9 }),
      alert({ id: 5 }),
    ];
    expect(news(before, after).map((one) => one.id)).toEqual([2, 3, 5]);
  });

  it('are news of reviews when raised and when they come back, and count with the floor’s', async () => {
    const [seen, later] = [{ acknowledgedMs: 1 }, { snoozedUntilMs: 9 }];
    const before = [reviewAlert(), reviewAlert({ review: 2, ...later }), reviewAlert({ review: 3, ...seen })];
    const after = [
      reviewAlert(),
      reviewAlert({ review: 2 }),
      reviewAlert({ review: 3 }),
      reviewAlert({ review: 4 }),
    ];
    expect(reviewNews(before, after).map((one) => one.review)).toEqual([2, 4]);
    expect(reviewNews([], [reviewAlert(seen), reviewAlert(later)])).toEqual([]);

    const host = fakeHost({ streams: { alerts_watch: taken } });
    const tap = vi.fn();
    const state = new AlertsState(host, tap);
    await state.start();
    host.emit('alerts_watch', boardOf([alert()], { reviews: [reviewAlert()] }));
    expect([tap.mock.calls, state.worst, state.demanding.length]).toEqual([[], 'warn', 2]);
    const fatal = reviewAlert({ review: 2, fatal: true });
    host.emit('alerts_watch', boardOf([alert()], { reviews: [fatal, reviewAlert(seen)] }));
    expect([tap.mock.calls, state.worst, state.demanding.length]).toEqual([[[fatal]], 'bad', 2]);
    expect(state.others).toEqual([reviewAlert(seen)]);
  });

  it('keep what is over as it was told, when it is not told again', async () => {
    const host = fakeHost({ streams: { alerts_watch: taken } });
    const state = new AlertsState(host, vi.fn());
    await state.start();
    const over = [alert({ id: 1, resolvedMs: 9 })];
    host.emit('alerts_watch', boardOf([alert({ id: 2 })], { history: over }));
    const first = state.board;
    host.emit('alerts_watch', boardOf([alert({ id: 2 })], { historySame: true }));
    expect(state.board).toBe(first);
    host.emit('alerts_watch', boardOf([], { historySame: true }));
    expect([state.board.active, state.board.history]).toEqual([[], over]);
    host.emit('alerts_watch', boardOf([], { history: [] }));
    expect(state.board.history).toEqual([]);
  });

  it('tap on the shoulder once for what is new, and not for what was there before', async () => {
    const host = fakeHost({ asks: { alert_acknowledge: taken }, streams: { alerts_watch: taken } });
    const tap = vi.fn();
    const state = new AlertsState(host, tap);
    await state.start();
    const board = (...active: Alert[]) => host.emit('alerts_watch', boardOf(active));
    board(alert());
    expect([tap.mock.calls, state.worst]).toEqual([[], 'warn']);
    board(alert(), alert({ id: 2 }), alert({ id: 3, severity: 'bad' }));
    board(alert(), alert({ id: 2 }), alert({ id: 3, severity: 'bad', parts: [alertPart({ value: 9 })] }));
    expect([tap.mock.calls.length, (state.latest as Alert | null)?.id, state.worst]).toEqual([1, 3, 'bad']);
    expect(tap).toHaveBeenCalledWith(expect.objectContaining({ id: 3, severity: 'bad' }));
    for (const peace of [
      { quiet: true, mutedUntilMs: null },
      { quiet: false, mutedUntilMs: 1 },
    ]) {
      host.emit('alerts_watch', boardOf([alert({ id: 3, severity: 'bad' }), alert({ id: 4 })], peace));
      expect([tap.mock.calls.length, state.silent, (state.latest as Alert | null)?.id]).toEqual([1, true, 4]);
      host.emit(
        'alerts_watch',
        boardOf([alert(), alert({ id: 2 }), alert({ id: 3, severity: 'bad' })], peace),
      );
    }
    await state.acknowledgeAll();
    expect(host.asked('alert_acknowledge')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    board();
    expect([state.worst, state.demanding]).toEqual([null, []]);
  });

  it('say so when nobody looks after them any more, and not after a sleep', async () => {
    vi.useFakeTimers();
    const host = fakeHost({ streams: { alerts_watch: taken } });
    const state = new AlertsState(host, vi.fn());
    await state.start();
    const step = (steppedMs: number) => host.emit('alerts_watch', boardOf([], { steppedMs }));
    step(1000);
    vi.advanceTimersByTime(14_000);
    // Alerts that change are no sign that anybody looks: the moment is the same.
    step(1000);
    expect(state.stoppedMs).toBeNull();
    vi.advanceTimersByTime(1000);
    expect(state.stoppedMs).toBe(1000);
    step(20_000);
    expect(state.stoppedMs).toBeNull();
    // The computer slept for an hour: one beat passed.
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(1000);
    expect(state.stoppedMs).toBeNull();
    state.end();
    vi.advanceTimersByTime(60_000);
    expect(state.stoppedMs).toBeNull();
  });

  it('go back to everybody, and come back at once', async () => {
    const asks = { alert_let_go: taken, alert_snooze: taken };
    const host = fakeHost({ asks, streams: { alerts_watch: taken } });
    const state = new AlertsState(host, vi.fn());
    await state.letGo(alert());
    await state.snooze(alert(), 0);
    expect([host.asked('alert_let_go'), host.asked('alert_snooze')]).toEqual([
      [{ id: 1 }],
      [{ id: 1, minutes: 0 }],
    ]);
  });
});
