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
  reason: null,
  value: 134,
  limit: 60,
  sinceMs: 0,
  raisedMs: 0,
  acknowledgedMs: null,
  acknowledgedBy: null,
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

describe('a choice made in the player', () => {
  it('is not undone by the next change of a setting', async () => {
    const ask = vi.fn((_command: string, args: { settings?: Settings }) => Promise.resolve(args.settings));
    const made = new App({ ask } as unknown as Host);
    made.settings.value = { volume: 0.8, theme: 'system' } as Settings;
    made.player.volume(0.3);
    made.player.hear({ speed: 1.5 });
    await made.settings.change({ alertSound: false });
    const settings = ask.mock.lastCall?.[1].settings;
    expect([settings?.volume, settings?.hearing.speed]).toEqual([0.3, 1.5]);
  });
});

describe('a new alert', () => {
  afterEach(() => vi.restoreAllMocks());

  it('is heard where recordings sound, when sound is wanted', async () => {
    for (const alertSound of [true, false]) {
      const { ask, raise } = await app({ alertSound, alertNotice: false });
      raise();
      const chimes = ask.mock.calls.filter(([command]) => command === 'chime');
      expect(chimes).toEqual(alertSound ? [['chime', { severity: 'bad' }]] : []);
    }
  });

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
