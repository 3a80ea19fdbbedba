import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { fakeHost, taken, watches } from '../../lib/host/fake';
import type { Alert } from '../../lib/host/host';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { alert, alertPart, board, reviewAlert, settings } from '../../lib/testing';
import AlertBar from './AlertBar.svelte';

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

async function shown(...active: Alert[]) {
  const asks = { alert_acknowledge: taken, alert_let_go: taken, alert_snooze: taken };
  const host = fakeHost({ asks, streams: watches });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings();
  await signedIn.alerts.start();
  const says = (now: Alert[], parts: Parameters<typeof board>[1] = {}) =>
    host.emit('alerts_watch', board(now, parts));
  says(active);
  render(AlertBar, { signedIn });
  return { host, signedIn, says };
}

it('has its place also when there is nothing', async () => {
  await shown();
  expect(screen.getByTestId('alert-place').querySelector('[data-testid=alerts-calm]')).not.toBeNull();
});

it('is seen to by somebody since a time, and can be taken back', async () => {
  const { host, says } = await shown(alert());
  await fireEvent.click(screen.getByTestId('alert-seen'));
  expect(host.asked('alert_acknowledge')).toEqual([{ id: 1 }]);
  says([alert({ acknowledgedMs: new Date(2026, 0, 5, 10, 32).getTime(), acknowledgedBy: 'Marta' })]);
  await vi.waitFor(() =>
    expect(screen.getByTestId('alert-seen-to').textContent).toContain('Marta on it since 10:32'),
  );
  await fireEvent.click(screen.getByTestId('alert-undo'));
  expect(host.asked('alert_let_go')).toEqual([{ id: 1 }]);
});

it('is put off for as long as one says, with the time it ends', async () => {
  const { host, says } = await shown(alert());
  await fireEvent.click(screen.getByTestId('alert-later'));
  expect(screen.getByTestId('alert-later-15').textContent).toMatch(/15 min, until \d\d:\d\d/);
  await fireEvent.click(screen.getByTestId('alert-later-60'));
  expect(host.asked('alert_snooze')).toEqual([{ id: 1, minutes: 60 }]);
  says([alert({ snoozedUntilMs: Date.now() + 3_600_000 })]);
  await vi.waitFor(() => expect(screen.getByTestId('alert-seen-to').textContent).toContain('quiet until'));
  await fireEvent.click(screen.getByTestId('alert-undo'));
  expect(host.asked('alert_snooze').at(-1)).toEqual({ id: 1, minutes: 0 });
});

it('counts nothing on that a silent server said', async () => {
  const server = alert({
    id: 2,
    campaign: null,
    parts: [alertPart({ rule: 'serverAway', measure: 'serverAway' })],
  });
  const { says } = await shown();
  says([server], { knownUntilMs: new Date(2026, 0, 5, 10, 32, 5).getTime() });
  await vi.waitFor(() => expect(screen.getByTestId('alert').dataset.rule).toBe('serverAway'));
  // No way leads from the server anywhere.
  expect(screen.queryByTestId('alert-open')).toBeNull();
  says([alert()], { knownUntilMs: new Date(2026, 0, 5, 10, 32, 5).getTime() });
  await vi.waitFor(() => expect(screen.getByTestId('alert').textContent).toContain('as of 10:32:05'));
  expect(screen.getByTestId('alert').className).toContain('stopped');
});

it('says that nobody looks any more', async () => {
  vi.useFakeTimers();
  const { says } = await shown();
  says([], { steppedMs: Date.now() });
  await vi.advanceTimersByTimeAsync(16_000);
  expect(screen.getByTestId('alerts-stopped').getAttribute('role')).toBe('alert');
  says([], { steppedMs: Date.now() });
  await vi.advanceTimersByTimeAsync(100);
  expect(screen.queryByTestId('alerts-stopped')).toBeNull();
});

it('shows a review somebody should look at beside the floor, and goes there', async () => {
  const { host, signedIn, says } = await shown(alert());
  for (const name of ['acknowledge', 'let_go', 'snooze'] as const) host.asks[`review_alert_${name}`] = taken;
  signedIn.review.open = vi.fn(() => Promise.resolve());
  says([], { reviews: [reviewAlert({ fatal: true, score: 0 })] });
  await vi.waitFor(() => expect(screen.getByTestId('alert').dataset.rule).toBe('review'));
  expect(screen.getByTestId('alert').dataset.severity).toBe('bad');
  expect(screen.getByTestId('alert-open').textContent).toMatch(/Bruno.*Attention: 0/);
  await fireEvent.click(screen.getByTestId('alert-seen'));
  expect(host.asked('review_alert_acknowledge')).toEqual([{ review: 9 }]);
  await fireEvent.click(screen.getByTestId('alert-later'));
  await fireEvent.click(screen.getByTestId('alert-later-15'));
  expect(host.asked('review_alert_snooze')).toEqual([{ review: 9, minutes: 15 }]);
  says([], { reviews: [reviewAlert({ acknowledgedMs: 1, acknowledgedBy: 'Ana' })] });
  await vi.waitFor(() => expect(screen.getByTestId('alert-seen-to').textContent).toContain('Ana'));
  await fireEvent.click(screen.getByTestId('alert-undo'));
  expect(host.asked('review_alert_let_go')).toEqual([{ review: 9 }]);
  await fireEvent.click(screen.getByTestId('alert-open'));
  expect([signedIn.view, vi.mocked(signedIn.review.open).mock.calls]).toEqual(['review', [[9]]]);
});
