import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Alert, AlertBoard, Host, Settings } from '../host/host';
import { App } from './app.svelte';
import { i18n } from './i18n.svelte';

const alert: Alert = {
  id: 1,
  rule: 'longestWait',
  measure: 'longestWait',
  severity: 'bad',
  campaign: 'Soporte<-',
  agent: null,
  value: 134,
  limit: 60,
  sinceMs: 0,
  raisedMs: 0,
  acknowledgedMs: null,
  snoozedUntilMs: null,
  resolvedMs: null,
};

/** The app, and what raises an alert in it. */
async function app(settings: Partial<Settings>) {
  let tell: (board: AlertBoard) => void = () => undefined;
  const ask = vi.fn((_command: string, _args: unknown) => Promise.resolve());
  const stream = (_name: string, _args: unknown, on: (board: AlertBoard) => void) => {
    tell = on;
    return Promise.resolve();
  };
  const made = new App({ ask, stream } as unknown as Host);
  made.settings.value = settings as Settings;
  await made.alerts.start();
  const board = (...active: Alert[]) => tell({ active, history: [], quiet: false, mutedUntilMs: null });
  board();
  return { ask, raise: () => board(alert) };
}

describe('a new alert', () => {
  afterEach(() => vi.restoreAllMocks());

  it('is noticed on the desktop, in words, only while the window is not in front', async () => {
    i18n.set('es');
    for (const [focused, alertNotice, noticed] of [
      [false, true, true],
      [true, true, false],
      [false, false, false],
    ] as const) {
      vi.spyOn(document, 'hasFocus').mockReturnValue(focused);
      const { ask, raise } = await app({ alertSound: false, alertNotice });
      raise();
      const notices = ask.mock.calls.filter(([command]) => command === 'notice');
      expect(notices.map(([, args]) => args)).toEqual(
        noticed ? [{ title: 'Soporte', body: 'espera más larga 2:14 · más de 1:00' }] : [],
      );
    }
    i18n.set('en');
  });
});
