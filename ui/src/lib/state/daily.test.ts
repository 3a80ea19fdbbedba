import { expect, it, vi } from 'vitest';
import { fakeHost, taken } from '../host/fake';
import type { DailyMade, DailyState, Report } from '../host/host';
import { DailyReports } from './daily.svelte';

const period = { fromMs: 1_773_100_800_000, untilMs: 1_773_187_200_000 };
const report: Report = {
  period,
  runs: [period],
  halves: [],
  campaigns: [],
  people: [],
  pauses: [],
  forecasts: [],
  alerts: [],
  offsetSecs: 0,
};
const made = (parts: Partial<DailyMade> = {}): DailyMade => ({
  atMs: period.untilMs,
  period,
  late: false,
  byHand: false,
  files: [],
  problem: null,
  ...parts,
});
const state = (parts: Partial<DailyState> = {}): DailyState => ({
  folder: '/reports',
  nextMs: null,
  offsetSecs: 0,
  due: null,
  made: [],
  ...parts,
});
const due = { id: 7, period, page: true, table: true };

function watching(ask: () => Report | Promise<Report>) {
  const tell = vi.fn();
  const host = fakeHost({
    asks: { history_report: ask, daily_write: taken },
    streams: { daily_watch: taken },
  });
  const daily = new DailyReports(host, () => null, tell);
  void daily.start();
  return { host, tell };
}

it('makes what is due, once, as a page and as rows', async () => {
  const { host } = watching(() => report);
  host.emit('daily_watch', state({ due, made: [made()] }));
  host.emit('daily_watch', state({ due, made: [made()] }));
  await vi.waitFor(() => expect(host.asked('daily_write').length).toBe(1));
  const content = host.asked('daily_write')[0]?.content;
  expect([content?.id, content?.problem]).toEqual([7, null]);
  expect(content?.page?.tables.length).toBe(6);
  expect(content?.rows?.[0]).toEqual([content?.page?.title]);
  expect(host.asked('history_report')[1]?.request.period.fromMs).toBe(period.fromMs - 7 * 86_400_000);
});

it('says why it could not be made, and tells once of what failed or came late by itself', async () => {
  const problem = { code: 'historyUnkept', params: {}, retryable: false };
  const { host, tell } = watching(() => Promise.reject(problem));
  host.emit('daily_watch', state({ made: [made({ problem })] }));
  expect(tell, 'old').not.toHaveBeenCalled();
  const begun = made({ atMs: Date.now() });
  host.emit('daily_watch', state({ due: { ...due, table: false }, made: [begun, made()] }));
  await vi.waitFor(() =>
    expect(host.asked('daily_write')[0]?.content).toMatchObject({ page: null, problem }),
  );
  const failed = { ...begun, problem };
  host.emit('daily_watch', state({ made: [failed, made()] }));
  host.emit('daily_watch', state({ made: [failed, made()] }));
  expect(tell).toHaveBeenCalledTimes(1);
  host.emit('daily_watch', state({ made: [made({ atMs: Date.now() + 1, late: true }), failed] }));
  expect(tell).toHaveBeenCalledTimes(2);
  host.emit('daily_watch', state({ made: [made({ atMs: Date.now() + 2, byHand: true, problem }), failed] }));
  expect(tell, 'by hand: it is on the screen').toHaveBeenCalledTimes(2);
});
