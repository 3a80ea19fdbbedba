import { describe, expect, it } from 'vitest';
import { fakeHost, later, taken } from '../host/fake';
import type { Settings } from '../host/host';
import { settings } from '../testing';
import { SettingsState } from './settings.svelte';

describe('what a person chooses', () => {
  function state() {
    const sending = later<Settings>();
    const host = fakeHost({
      asks: { settings_get: () => settings(), settings_change: sending.ask },
      streams: { settings_watch: taken },
    });
    return { host, sending, state: new SettingsState(host) };
  }

  it('goes alone, one change after the other, and no late answer undoes it', async () => {
    const { host, sending, state: made } = state();
    await made.start();
    await made.follow();
    const all = [made.change({ theme: 'dark' })];
    for (const historyDays of [11, 12, 13]) all.push(made.change({ historyDays }));
    expect([made.value?.theme, made.value?.historyDays]).toEqual(['dark', 13]);
    // Another window chose meanwhile, and knows nothing of ours yet.
    host.emit('settings_watch', settings({ pollEverySecs: 9 }));
    expect([made.value?.theme, made.value?.historyDays, made.value?.pollEverySecs]).toEqual(['dark', 13, 9]);
    sending.answer[0]?.(settings({ theme: 'dark', pollEverySecs: 9 }));
    await Promise.resolve();
    await expect.poll(() => sending.answer.length).toBe(2);
    expect([made.value?.theme, made.value?.historyDays]).toEqual(['dark', 13]);
    sending.answer[1]?.(settings({ theme: 'dark', historyDays: 13, pollEverySecs: 9 }));
    await Promise.all(all);
    expect(host.asked('settings_change')).toEqual([
      { parts: { theme: 'dark' } },
      { parts: { historyDays: 13 } },
    ]);
    expect([made.value?.historyDays, made.value?.pollEverySecs]).toEqual([13, 9]);
  });
});
