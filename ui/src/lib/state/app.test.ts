import { afterEach, describe, expect, it, vi } from 'vitest';
import { fakeHost, taken } from '../host/fake';
import type { Alert, Settings } from '../host/host';
import { hearing, settings } from '../testing';
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
async function app(parts: Partial<Settings>) {
  const host = fakeHost({ asks: { chime: taken, notice: taken }, streams: { alerts_watch: taken } });
  const made = new App(host);
  made.settings.value = settings(parts);
  await made.alerts.start();
  const board = (...active: Alert[]) =>
    host.emit('alerts_watch', { active, history: [], quiet: false, mutedUntilMs: null });
  board();
  return { host, raise: () => board(alert) };
}

describe('a choice made in the player', () => {
  it('is not undone by the next change of a setting', async () => {
    const host = fakeHost({
      asks: { player_volume: taken, player_hearing: taken, settings_set: (args) => args.settings },
    });
    const made = new App(host);
    made.settings.value = settings({ alertSound: true });
    made.player.volume(0.3);
    made.player.hear({ speed: 1.5 });
    await made.settings.change({ alertSound: false });
    const sent = host.asked('settings_set').map((args) => args.settings);
    expect(sent).toEqual([settings({ volume: 0.3, hearing: { ...hearing, speed: 1.5 }, alertSound: false })]);
  });
});

describe('a new alert', () => {
  afterEach(() => vi.restoreAllMocks());

  it('is heard where recordings sound, when sound is wanted', async () => {
    for (const alertSound of [true, false]) {
      const { host, raise } = await app({ alertSound, alertNotice: false });
      raise();
      expect(host.asked('chime')).toEqual(alertSound ? [{ severity: 'bad' }] : []);
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
      const { host, raise } = await app({ alertSound: false, alertNotice });
      raise();
      expect(host.asked('notice')).toEqual(
        noticed ? [{ title: 'Soporte', body: 'espera más larga 2:14 · más de 1:00' }] : [],
      );
    }
    i18n.set('en');
  });
});
