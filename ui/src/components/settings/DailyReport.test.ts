import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { fakeHost, taken, watches } from '../../lib/host/fake';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { settings } from '../../lib/testing';
import DailyReport from './DailyReport.svelte';

afterEach(cleanup);

const period = { fromMs: 1_773_100_800_000, untilMs: 1_773_187_200_000 };

it('says when, where to and what became of the last ones, and what is missing before one can be made', async () => {
  const host = fakeHost({
    asks: {
      settings_change: ({ parts }) => settings({ ...signedIn.settings.value, ...parts }),
      daily_folder: () => '/reports',
      daily_make: taken,
      show_file: () =>
        Promise.reject({ code: 'placeGone', params: { path: '/reports/a.html' }, retryable: false }),
    },
    streams: watches,
  });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings();
  render(DailyReport, { signedIn });
  await signedIn.daily.start();
  const make = screen.getByTestId('daily-make');
  expect(make.getAttribute('aria-disabled')).toBe('true');
  await fireEvent.click(screen.getByTestId('daily-choose'));
  expect(host.log).toContain('daily_folder');
  const problem = { code: 'dailyFolderGone', params: { path: '/reports' }, retryable: true };
  const one = { atMs: 2, period, late: true, byHand: false, files: ['/reports/a.html'], problem: null };
  const made = [one, { ...one, atMs: 1, late: false, files: [], problem }];
  const state = { folder: '/reports', nextMs: 1_773_187_200_000, offsetSecs: 0, due: null, made };
  host.emit('daily_watch', state);
  await vi.waitFor(() => expect(screen.getAllByTestId('daily-made').length).toBe(2));
  expect(screen.getByTestId('daily-folder').textContent).toBe('/reports');
  expect(screen.getByTestId('daily-next').textContent).toContain('00:00');
  expect(document.body.textContent).toContain('The folder /reports is not there');
  await fireEvent.click(screen.getByTestId('show-file'));
  await screen.findByText(/moved or removed/);
  await fireEvent.click(make);
  expect(host.asked('daily_make').length).toBe(1);

  await fireEvent.click(screen.getByTestId('daily-on'));
  await fireEvent.change(screen.getByTestId('daily-at'), { target: { value: '18:30' } });
  await fireEvent.click(screen.getByText('Sun'));
  await fireEvent.change(screen.getByTestId('daily-period'), { target: { value: 'shift' } });
  await fireEvent.click(screen.getByTestId('daily-page'));
  expect(signedIn.settings.value?.dailyReport).toEqual({
    on: true,
    atMin: 1110,
    days: [0, 1, 2, 3, 4, 5],
    period: 'shift',
    page: false,
    table: false,
  });
  await vi.waitFor(() => expect(make.getAttribute('aria-disabled')).toBe('true'));
});
