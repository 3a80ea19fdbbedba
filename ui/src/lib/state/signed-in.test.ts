import { afterEach, describe, expect, it, vi } from 'vitest';
import { fakeHost, taken, wished } from '../host/fake';
import type { Settings } from '../host/host';
import { alert, alertPart, board, settings, usualRules } from '../testing';
import { App } from './app.svelte';
import { i18n } from './i18n.svelte';
import { SignedIn } from './signed-in.svelte';

const long = alert({
  severity: 'bad',
  parts: [alertPart({ rule: 'longestWait', measure: 'longestWait', severity: 'bad', value: 134, limit: 60 })],
});

/** A session over a program, with settings. */
function signedIn(parts: Partial<Settings>) {
  const host = fakeHost({
    asks: {
      chime: taken,
      notice: taken,
      player_volume: wished,
      player_hearing: wished,
      settings_change: ({ parts }) => settings(parts),
    },
    streams: { alerts_watch: taken },
  });
  const app = new App(host);
  app.settings.value = settings(parts);
  return { host, signedIn: new SignedIn(app) };
}

/** What an alert that is new is answered with. */
async function raised(parts: Partial<Settings>) {
  const made = signedIn(parts);
  await made.signedIn.alerts.start();
  made.host.emit('alerts_watch', board());
  made.host.emit('alerts_watch', board([long]));
  return made.host;
}

describe('a choice made in the player', () => {
  it('is not undone by the next change of a setting', async () => {
    const { host, signedIn: made } = signedIn({ alertSound: true });
    made.player.volume(0.3);
    made.player.hear({ speed: 1.5 });
    await made.settings.change({ alertSound: false });
    expect(host.asked('settings_change')).toEqual([{ parts: { alertSound: false } }]);
  });
});

it('offers what to do first in the room somebody comes in by, and nowhere else', () => {
  const { signedIn: made } = signedIn({ welcomed: false });
  expect(made.welcoming).toBe(true);
  made.view = 'calls';
  expect(made.welcoming).toBe(false);
  made.view = 'floor';
  made.settings.value = settings({ welcomed: true });
  expect(made.welcoming).toBe(false);
});

describe('a new alert', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    i18n.set('en');
  });

  it('is noticed without a sound where its rule wants it so', async () => {
    vi.spyOn(document, 'hasFocus').mockReturnValue(false);
    const rules = usualRules.map((rule) => ({ ...rule, hears: 'notice' as const }));
    const host = await raised({ alertSound: true, alertNotice: true, rules });
    expect([host.asked('chime'), host.asked('notice').length]).toEqual([[], 1]);
  });

  it('opens the person it is about, or else its campaign', () => {
    const { signedIn: made } = signedIn({});
    made.view = 'settings';
    made.openAlert(alert({ agent: 'Ana', location: 'SIP/1' }));
    expect([made.view, made.floor.person]).toEqual(['floor', 'SIP/1']);
    made.openAlert(long);
    expect(made.floor.view.selected).toBe('Soporte<-');
  });

  it('is heard where recordings sound, when sound is wanted', async () => {
    for (const alertSound of [true, false]) {
      const host = await raised({ alertSound });
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
      const host = await raised({ alertNotice });
      expect(host.asked('notice')).toEqual(noticed ? [{ title: 'Soporte', body: 'espera máxima 2:14' }] : []);
    }
  });
});
