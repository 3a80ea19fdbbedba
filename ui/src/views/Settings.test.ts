import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fakeHost, taken } from '../lib/host/fake';
import type { Settings as Chosen, SettingsFound } from '../lib/host/host';
import { App } from '../lib/state/app.svelte';
import { keys } from '../lib/state/keys.svelte';
import { SignedIn } from '../lib/state/signed-in.svelte';
import { settings, updateState, usualRules, webhook } from '../lib/testing';
import Settings from './Settings.svelte';

let away: () => void;
beforeEach(() => {
  addEventListener('keydown', keys.handle);
  away = () => removeEventListener('keydown', keys.handle);
});
afterEach(() => {
  away();
  cleanup();
  keys.chosen = {};
});

async function room(found: SettingsFound | null = null) {
  let kept: Chosen = settings({ tagPresets: ['venta'] });
  const host = fakeHost({
    asks: {
      audio_devices: () => [],
      diagnostics: () => Promise.reject(new Error('not here')),
      history_room: () => Promise.reject(new Error('not here')),
      rules_usual: () => usualRules,
      review_cards: () => [],
      settings_change: ({ parts }) => (kept = { ...kept, ...parts }),
      settings_pick: () => found,
      recording_names: () => ({ example: 'a.wav', unknown: [], unclosed: false, known: [] }),
      update_state: () => updateState(),
      update_way_back: () => Promise.reject(new Error('not here')),
      webhook_state: () => webhook(),
      webhook_words: taken,
      webhook_preview: () => '',
    },
  });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = kept;
  render(Settings, { signedIn });
  await tick();
  return { host, signedIn };
}

const row = (id: string) => {
  const found = screen.getAllByTestId('key-row').find((one) => one.dataset.action === id);
  if (!found) throw new Error(id);
  return found;
};
const visible = () =>
  [...document.querySelectorAll<HTMLElement>('[data-section]:not([hidden])')].map(
    (one) => one.dataset.section,
  );
const search = async (text: string) => {
  const field = screen.getByTestId<HTMLInputElement>('settings-search');
  await fireEvent.input(field, { target: { value: text } });
  await vi.waitFor(() => expect(screen.getByTestId('settings-found').textContent !== '').toBe(text !== ''));
  return field;
};

it('shows the sections that have what is looked for, says when there is none, and Escape shows all', async () => {
  await room();
  const all = visible();
  const field = await search('xyzzy');
  await vi.waitFor(() => expect(screen.getByTestId('settings-none').textContent).toContain('xyzzy'));
  expect([visible(), screen.queryByTestId('settings-go-teams')]).toEqual([[], null]);
  await fireEvent.keyDown(field, { key: 'Escape' });
  await vi.waitFor(() => expect(visible()).toEqual(all));
  expect([field.value, all.length > 6]).toEqual(['', true]);
}, 20_000);

it('finds the team of desks, by what it is for', async () => {
  const { signedIn } = await room();
  signedIn.team.now = {
    address: null,
    label: '',
    person: '',
    kept: false,
    state: null,
    shared: null,
    house: null,
    problem: null,
  };
  const field = await search('your password in the team');
  await vi.waitFor(() => expect(visible()).toEqual(['server']));
  expect(screen.getByTestId('team').hidden).toBe(false);
  expect(screen.getByTestId('sign-out').closest<HTMLElement>('.card')?.hidden).toBe(true);
  // To what was found, not to what else its card begins with.
  await fireEvent.keyDown(field, { key: 'Enter' });
  expect(document.activeElement).toBe(screen.getByTestId('team-password'));
}, 20_000);

it('narrows the keys to those that are looked for', async () => {
  await room();
  await search('rewind');
  await vi.waitFor(() => expect(row('floor.down').hidden).toBe(true));
  expect(row('floor.rewind').hidden).toBe(false);
}, 20_000);

it('keeps the key that is pressed, and what buttons say follows; one that is taken is said and not kept', async () => {
  const { signedIn } = await room();
  const change = (id: string) => within(row(id)).getByTestId('key-change');
  await fireEvent.click(change('floor.rewind'));
  await fireEvent.keyDown(change('floor.rewind'), { code: 'KeyG', key: 'g' });
  expect(within(row('floor.rewind')).getByTestId('key-refused').textContent).toContain('G');
  expect(signedIn.settings.value?.keys).toEqual({});
  await fireEvent.click(change('floor.rewind'));
  // The key that pressed the button is still down.
  await fireEvent.keyDown(change('floor.rewind'), { code: 'Enter', key: 'Enter', repeat: true });
  await fireEvent.keyDown(change('floor.rewind'), { code: 'KeyH', key: 'h' });
  await vi.waitFor(() =>
    expect(signedIn.settings.value?.keys).toEqual({ 'floor.rewind': [{ code: 'KeyH', shown: 'H' }] }),
  );
  expect(within(row('floor.rewind')).getByTestId('key-shown').textContent).toBe('H');
  expect(screen.queryByTestId('key-refused')).toBeNull();
  // Escape leaves it as it is; everything back, and that taken back as well.
  await fireEvent.click(change('floor.rewind'));
  await fireEvent.keyDown(change('floor.rewind'), { code: 'Escape', key: 'Escape' });
  expect(Object.keys(signedIn.settings.value?.keys ?? {})).toEqual(['floor.rewind']);
  await fireEvent.click(screen.getByTestId('keys-reset-all'));
  await vi.waitFor(() => expect(signedIn.settings.value?.keys).toEqual({}));
  await fireEvent.click(screen.getByTestId('keys-undo'));
  await vi.waitFor(() => expect(Object.keys(signedIn.settings.value?.keys ?? {})).toEqual(['floor.rewind']));
  await fireEvent.click(within(row('floor.rewind')).getByTestId('key-reset'));
  await vi.waitFor(() => expect(signedIn.settings.value?.keys).toEqual({}));
}, 20_000);

it('shows what a file would change before it does, takes it, and takes it back', async () => {
  const { host, signedIn } = await room({
    path: '/tmp/ours.json',
    madeMs: null,
    changes: [
      { kind: 'value', name: 'theme', before: 'system', after: 'dark' },
      { kind: 'value', name: 'historyDays', before: 6, after: 9 },
      { kind: 'list', name: 'teams', added: ['Norte'], removed: [], changed: ['Sur'] },
      { kind: 'list', name: 'rules', added: [], removed: ['waiting'], changed: [] },
      { kind: 'value', name: 'fromAnother', before: null, after: 3 },
    ],
    parts: { theme: 'dark' },
    before: { theme: 'system' },
    unknown: ['fromTheFuture'],
  });
  await fireEvent.click(screen.getByTestId('settings-import'));
  await vi.waitFor(() => expect(screen.getAllByTestId('settings-change')).toHaveLength(5));
  const said = screen
    .getAllByTestId('settings-change')
    .map((line) => line.textContent.replace(/\s+/g, ' ').trim());
  expect(said[0]).toContain('As the system → Dark');
  expect(said[1]).toContain('6 → 9');
  expect(said[2]).toContain('added: Norte · changed: Sur');
  expect(said[3]).toContain('gone: Callers waiting');
  expect(said[4]).toContain('fromAnother');
  expect(host.asked('settings_change')).toEqual([]);
  const take = screen.getByTestId<HTMLButtonElement>('settings-take');
  await vi.waitFor(() => expect(take.disabled).toBe(false));
  await fireEvent.click(take);
  await vi.waitFor(() => expect(signedIn.settings.value?.theme).toBe('dark'));
  const back = await screen.findByTestId<HTMLButtonElement>('settings-take-back');
  await vi.waitFor(() => expect(back.disabled).toBe(false));
  await fireEvent.click(back);
  await vi.waitFor(() => expect(signedIn.settings.value?.theme).toBe('system'));
  expect(host.asked('settings_change').map(({ parts }) => parts)).toEqual([
    { theme: 'dark' },
    { theme: 'system' },
  ]);
}, 20_000);
