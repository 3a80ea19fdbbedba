import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fakeHost, taken, watches } from '../lib/host/fake';
import type { Report } from '../lib/host/host';
import { App } from '../lib/state/app.svelte';
import { HELD_MS } from '../lib/state/held-order.svelte';
import { keys } from '../lib/state/keys.svelte';
import { SignedIn } from '../lib/state/signed-in.svelte';
import { campaign, settings, snapshot } from '../lib/testing';
import Floor from './Floor.svelte';

beforeEach(() => {
  // Rows are drawn where there is room for them.
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, 'scrollTo').mockImplementation(() => undefined);
  window.addEventListener('keydown', keys.handle);
});
afterEach(() => {
  window.removeEventListener('keydown', keys.handle);
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const DAWN = Date.UTC(2026, 0, 31, 9);
const REPORT: Report = {
  period: { fromMs: DAWN, untilMs: DAWN + 3_600_000 },
  runs: [],
  halves: [],
  campaigns: ['A', 'B'].map((name, at) => ({
    name,
    came: {
      beginsMs: DAWN,
      whole: true,
      answered: at,
      abandoned: 0,
      abandonRate: 0,
      serviceLevel: null,
      plusMinus: null,
    },
    waiting: 1,
    longest: 60,
    longestAtMs: DAWN + 60_000,
  })),
  people: [],
  pauses: [],
  forecasts: [],
  alerts: [],
  offsetSecs: 0,
};

/** The floor with these campaigns and as many waiting in each, worst first. */
async function entered(first: Record<string, number>) {
  const host = fakeHost({
    asks: {
      floor_half_hours: () => [],
      floor_visible: taken,
      history_alerts: () => [],
      history_extent: () => ({
        runs: [{ fromMs: DAWN, untilMs: DAWN + 3_600_000 }],
        seen: [{ fromMs: DAWN, untilMs: DAWN + 3_600_000, by: 'Ana, puesto 1' }],
        offsetSecs: 0,
        bytes: 1,
      }),
      history_report: ({ request }) => ({ ...REPORT, period: request.period }),
      history_moment: ({ at }) => ({
        atMs: at,
        snapshot: snapshot({ campaigns: [campaign({ name: 'B' })] }),
        alerts: [],
        gap: null,
      }),
      settings_change: ({ parts }) => settings(parts),
    },
    streams: watches,
  });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings();
  await signedIn.floor.start();
  signedIn.floor.keep({ campaignSort: 'waiting', campaignDown: true });
  let revision = 0;
  const waits = async (waiting: Record<string, number>) => {
    const campaigns = Object.entries(waiting).map(([name, callers]) => campaign({ name, waiting: callers }));
    revision += 1;
    host.emit('floor_watch', { kind: 'snapshot', snapshot: snapshot({ revision, campaigns }) });
    await tick();
  };
  await waits(first);
  const { unmount } = render(Floor, { signedIn });
  await vi.waitFor(() => expect(screen.getAllByTestId('campaign-row')).toHaveLength(3));
  return { host, signedIn, waits, unmount };
}

/** From above to below. */
const order = () =>
  screen
    .getAllByTestId('campaign-row')
    .map((row) => ({ name: row.dataset.name, y: row.parentElement?.style.transform ?? '' }))
    .sort((a, b) => parseInt(a.y.slice(11)) - parseInt(b.y.slice(11)))
    .map(({ name }) => name)
    .join('');
const press = (code: string, on: Element = document.body) => fireEvent.keyDown(on, { code, key: code });
const table = () => screen.getByTestId('sort-waiting').closest('[role=grid]') as HTMLElement;

it('opens the campaign that was active, wherever it stands now', async () => {
  const { signedIn, waits } = await entered({ A: 2, B: 1, C: 0 });
  await press('ArrowDown');
  await waits({ A: 0, B: 1, C: 2 });
  expect(order()).toBe('CBA');
  await press('Enter');
  expect(signedIn.floor.view.selected).toBe('A');
});

it('says that it holds the order, and holds it no longer than the pointer moves', async () => {
  const { signedIn, waits, unmount } = await entered({ A: 2, B: 1, C: 0 });
  vi.useFakeTimers();
  await fireEvent.pointerMove(table(), { clientX: 5, clientY: 5 });
  await waits({ A: 0, B: 1, C: 2 });
  expect([order(), screen.queryByTestId('order-held') !== null]).toEqual(['ABC', true]);
  // Red is red: it comes first at once.
  await waits({ A: 0, B: 1, C: 9 });
  expect(order()).toBe('CAB');
  await vi.advanceTimersByTimeAsync(HELD_MS);
  expect([order(), screen.queryByTestId('order-held')]).toEqual(['CBA', null]);
  await fireEvent.pointerMove(table(), { clientX: 6, clientY: 5 });
  await fireEvent.pointerLeave(table());
  expect(screen.queryByTestId('order-held')).toBeNull();
  await fireEvent.pointerMove(table(), { clientX: 7, clientY: 5 });
  expect(signedIn.floor.heldCampaigns.on).toBe(true);
  unmount();
  expect(signedIn.floor.heldCampaigns.on).toBe(false);
});

it('says whose agents could not be read, and why, until they are', async () => {
  const { host, signedIn } = await entered({ A: 2, B: 1, C: 0 });
  const campaigns = ['A', 'B', 'C'].map((name) => campaign({ name, waiting: 0 }));
  const reads = async (revision: number, agentsUnread: Record<string, string>) => {
    host.emit('floor_watch', { kind: 'snapshot', snapshot: snapshot({ revision, campaigns, agentsUnread }) });
    await tick();
  };
  await reads(8, { B: 'timeout' });
  const mark = screen.getByTestId('agents-unread');
  expect(mark.closest<HTMLElement>('[data-testid=campaign-row]')?.dataset.name).toBe('B');
  expect(mark.title).toMatch(/B .*does not answer in time/);
  signedIn.floor.select('B');
  await tick();
  expect(screen.getByTestId('campaign-page').textContent).toContain('does not answer in time');
  await reads(9, {});
  expect(screen.queryByTestId('agents-unread')).toBeNull();
});

it('has the row of a campaign opened elsewhere at hand, and leaves whoever reads on where they are', async () => {
  const { signedIn } = await entered({ A: 3, B: 2, C: 1 });
  const at = () =>
    screen.getAllByTestId('campaign-row').find((row) => row.classList.contains('on'))?.dataset.name;
  signedIn.floor.select('B');
  await tick();
  expect(at()).toBe('B');
  await press('ArrowDown');
  expect(at()).toBe('C');
  // What else changes of the view does not bring them back.
  signedIn.floor.keep({ campaignSort: 'name' });
  await tick();
  expect(at()).toBe('C');
});

it('clears a search before anything else is closed, and what is open before the past is left', async () => {
  const { signedIn } = await entered({ A: 3, B: 2, C: 1 });
  signedIn.floor.select('B');
  signedIn.floor.keep({ campaignSearch: 'b' });
  await tick();
  const search = screen.getByRole('searchbox', { name: 'Search campaigns' });
  search.focus();
  await press('Escape', search);
  expect([signedIn.floor.view.campaignSearch, signedIn.floor.view.selected]).toEqual(['', 'B']);
  expect(document.activeElement).not.toBe(search);

  signedIn.past.extent = { runs: [{ fromMs: 0, untilMs: 3_600_000 }], offsetSecs: 0 } as never;
  await signedIn.past.go(1_800_000);
  await tick();
  // Rooms do not come and go with it.
  expect([signedIn.offers('dialer'), signedIn.reachesOut]).toEqual([false, true]);
  expect(screen.getByTestId('rewind-live').textContent).not.toContain('Esc');
  await press('Escape');
  expect([signedIn.past.at, signedIn.floor.view.selected]).toEqual([1_800_000, null]);
  await tick();
  expect(screen.getByTestId('rewind-live').textContent).toContain('Esc');
  await press('Escape');
  expect(signedIn.past.at).toBeNull();
});

it('goes from a moment of the report back to the report as it was left', async () => {
  const { host, signedIn } = await entered({ A: 2, B: 1, C: 0 });
  signedIn.floor.select('C');
  signedIn.report();
  const made = await vi.waitFor(() => {
    const report = screen.getByTestId('report');
    expect(report.dataset.made).toBe('true');
    return report;
  });
  const asked = host.asked('history_report').length;
  const from = screen.getByTestId<HTMLInputElement>('report-from').value;
  const sort = () => screen.getByTestId('report-sort-campaigns-0').textContent;
  await fireEvent.click(screen.getByTestId('report-sort-campaigns-0'));
  const sorted = sort();
  const region = () => screen.getByRole('region', { name: /Shift report/ });
  region().scrollTop = 120;
  const moment = screen.getAllByTestId('report-visit')[1] as HTMLElement;
  moment.focus();
  await fireEvent.click(moment);
  await vi.waitFor(() => expect(screen.getByTestId('rewind-report')).toBeTruthy());
  // Whose eyes it was, where it was at another desk.
  expect(screen.getByTestId('rewind-seen').textContent).toContain('Ana, puesto 1');
  expect([made.isConnected, signedIn.floor.view.selected]).toEqual([false, 'B']);
  // What the moment opened is nearer; then the report, and only then the floor as it is now.
  await press('Escape');
  expect([signedIn.floor.view.selected, signedIn.past.reporting]).toEqual([null, false]);
  await press('Escape');
  await vi.waitFor(() => expect(region().scrollTop).toBe(120));
  expect([screen.getByTestId<HTMLInputElement>('report-from').value, sort()]).toEqual([from, sorted]);
  expect(document.activeElement).toBe(screen.getAllByTestId('report-visit')[1]);
  expect(host.asked('history_report')).toHaveLength(asked);
  expect([signedIn.past.at, signedIn.floor.view.selected]).toEqual([null, 'C']);
  await press('Escape', region());
  expect(screen.queryByTestId('report')).toBeNull();
  // Back to live, the report is forgotten.
  await press('KeyR');
  await vi.waitFor(() => expect(screen.getByTestId('rewind-bar')).toBeTruthy());
  expect(screen.queryByTestId('rewind-report')).toBeNull();
});
