import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Alert, Settings } from '../host/host';
import { App } from './app.svelte';
import { FakeProgram, settings } from './fake-program';
import { i18n } from './i18n.svelte';
import { SignedIn } from './signed-in.svelte';

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

/** A session over a program, with settings. */
function signedIn(parts: Partial<Settings>, answers: FakeProgram['answers'] = {}) {
  const program = new FakeProgram(answers);
  const app = new App(program);
  app.settings.value = settings(parts);
  return { program, signedIn: new SignedIn(app) };
}

/** What an alert that is new is answered with. */
async function raised(parts: Partial<Settings>) {
  const made = signedIn(parts);
  await made.signedIn.alerts.start();
  const board = (...active: Alert[]) =>
    made.program.say('alerts_watch', { active, history: [], quiet: false, mutedUntilMs: null });
  board();
  board(alert);
  return made.program;
}

describe('a choice made in the player', () => {
  it('is not undone by the next change of a setting', async () => {
    const { program, signedIn: made } = signedIn(
      {},
      {
        settings_set: ({ settings }) => settings,
        player_volume: () => null,
        player_hearing: () => null,
      },
    );
    made.player.volume(0.3);
    made.player.hear({ speed: 1.5 });
    await made.settings.change({ alertSound: false });
    const kept = program.asked('settings_set').at(-1)?.settings;
    expect([kept?.volume, kept?.hearing.speed]).toEqual([0.3, 1.5]);
  });
});

describe('a new alert', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    i18n.set('en');
  });

  it('is heard where recordings sound, when sound is wanted', async () => {
    for (const alertSound of [true, false]) {
      const program = await raised({ alertSound });
      expect(program.asked('chime')).toEqual(alertSound ? [{ severity: 'bad' }] : []);
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
      const program = await raised({ alertNotice });
      expect(program.asked('notice')).toEqual(
        noticed ? [{ title: 'Soporte', body: 'espera más larga 2:14 · más de 1:00' }] : [],
      );
    }
  });
});
