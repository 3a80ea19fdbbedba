import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import en from '../../../messages/en.json';
import { fakeHost, taken, watches } from '../../lib/host/fake';
import type { Alert } from '../../lib/host/host';
import { App } from '../../lib/state/app.svelte';
import { clockTick } from '../../lib/state/clock.svelte';
import { keys } from '../../lib/state/keys.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { alert as wrong, board, health, settings, snapshot } from '../../lib/testing';
import AlertsPanel from './AlertsPanel.svelte';

const alert = (parts: Partial<Alert> = {}) => wrong({ severity: 'bad', ...parts });

beforeEach(() => addEventListener('keydown', keys.handle));
afterEach(() => {
  vi.unstubAllEnvs();
  removeEventListener('keydown', keys.handle);
  cleanup();
});

async function opened() {
  const host = fakeHost({ asks: { alert_acknowledge: taken }, streams: watches });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings();
  await signedIn.alerts.start();
  const says = (one: Alert) => host.emit('alerts_watch', board([one]));
  says(alert());
  signedIn.alerts.open = true;
  render(AlertsPanel, { signedIn });
  return { signedIn, says };
}
const here = () => document.activeElement ?? document.body;

it('keeps the focus after an alert was seen to, and Escape closes it then', async () => {
  const { signedIn, says } = await opened();
  const seen = screen.getByText(en.alert_seen);
  seen.focus();
  await fireEvent.click(seen);
  says(alert({ acknowledgedMs: 1 }));
  await vi.waitFor(() => expect(here()).toBe(screen.getByTestId('alerts-panel')));
  await fireEvent.keyDown(here(), { code: 'Escape', key: 'Escape' });
  expect(signedIn.alerts.open).toBe(false);
});

it('closes with Escape where nothing has the focus, and with a click outside', async () => {
  const { signedIn } = await opened();
  screen.getByText('Esc').closest('button')?.blur();
  await fireEvent.keyDown(document.body, { code: 'Escape', key: 'Escape' });
  expect(signedIn.alerts.open).toBe(false);
  signedIn.alerts.open = true;
  await fireEvent.pointerDown(screen.getByText(en.alert_seen));
  expect(signedIn.alerts.open).toBe(true);
  await fireEvent.pointerDown(document.body);
  expect(signedIn.alerts.open).toBe(false);
});

it("tells every time by the server's clock, and the day of what was not today there", async () => {
  vi.stubEnv('TZ', 'Europe/Madrid');
  const { signedIn, says } = await opened();
  signedIn.floor.take({
    kind: 'snapshot',
    snapshot: snapshot({ health: { ...health, serverOffsetSecs: -3 * 3600 } }),
  });
  const now = Date.parse('2026-02-01T02:00:00Z');
  clockTick.now = now;
  says(
    alert({
      raisedMs: now - 1800_000,
      resolvedMs: now - 900_000,
      acknowledgedMs: now - 1200_000,
      acknowledgedBy: 'Marta',
    }),
  );
  const line = () => screen.getByTestId('alert-line').textContent;
  await vi.waitFor(() => expect(line()).toContain('22:30:00 – 22:45:00'));
  expect(line()).toContain('22:40:00');
  // Midnight has passed where this computer stands, and half past two in the night of the day before there.
  says(alert({ raisedMs: Date.parse('2026-01-31T02:30:00Z') }));
  await vi.waitFor(() => expect(line()).toContain('Fri 30 Jan 23:30:00'));
});

it('scrolls with the arrows from wherever the focus is in it', async () => {
  await opened();
  const list = screen.getByTestId('alert-line').closest('[role=region]') as HTMLElement;
  const top = vi.fn();
  Object.defineProperty(list, 'scrollTop', { get: () => 0, set: top });
  await fireEvent.keyDown(here(), { key: 'ArrowDown', code: 'ArrowDown' });
  expect(top).toHaveBeenCalledWith(40);
});
