import { describe, expect, it, vi } from 'vitest';
import { fakeHost, taken } from '../host/fake';
import type { Alert, AlertBoard } from '../host/host';
import { AlertsState, demanding, news } from './alerts.svelte';

const alert = (over: Partial<Alert> = {}): Alert => ({
  id: 1,
  rule: 'waiting',
  measure: 'waiting',
  severity: 'warn',
  campaign: 'Soporte<-',
  agent: null,
  reason: null,
  value: 4,
  limit: 3,
  sinceMs: 0,
  raisedMs: 0,
  acknowledgedMs: null,
  acknowledgedBy: null,
  snoozedUntilMs: null,
  resolvedMs: null,
  ...over,
});

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
      alert({ value: 5 }),
      alert({ id: 2, severity: 'bad' }),
      alert({ id: 3 }),
      alert({ id: 4, acknowledgedMs: 9 }),
      alert({ id: 5 }),
    ];
    expect(news(before, after).map((one) => one.id)).toEqual([2, 3, 5]);
  });

  it('tap on the shoulder once for what is new, and not for what was there before', async () => {
    const host = fakeHost({ asks: { alert_acknowledge: taken }, streams: { alerts_watch: taken } });
    const tell = (board: AlertBoard) => host.emit('alerts_watch', board);
    const tap = vi.fn();
    const state = new AlertsState(host, tap);
    await state.start();
    const board = (...active: Alert[]) => tell({ active, history: [], quiet: false, mutedUntilMs: null });
    board(alert());
    expect([tap.mock.calls, state.worst]).toEqual([[], 'warn']);
    board(alert(), alert({ id: 2 }), alert({ id: 3, severity: 'bad' }));
    board(alert(), alert({ id: 2 }), alert({ id: 3, severity: 'bad', value: 9 }));
    expect([tap.mock.calls.length, state.latest?.id, state.worst]).toEqual([1, 3, 'bad']);
    expect(tap).toHaveBeenCalledWith(expect.objectContaining({ id: 3, severity: 'bad' }));
    for (const peace of [
      { quiet: true, mutedUntilMs: null },
      { quiet: false, mutedUntilMs: 1 },
    ]) {
      tell({ active: [alert({ id: 3, severity: 'bad' }), alert({ id: 4 })], history: [], ...peace });
      expect([tap.mock.calls.length, state.silent, state.latest?.id]).toEqual([1, true, 4]);
      tell({ active: [alert(), alert({ id: 2 }), alert({ id: 3, severity: 'bad' })], history: [], ...peace });
    }
    await state.acknowledgeAll();
    expect(host.asked('alert_acknowledge')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    board();
    expect([state.worst, state.demanding]).toEqual([null, []]);
  });
});
