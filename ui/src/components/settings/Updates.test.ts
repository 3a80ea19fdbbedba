import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it } from 'vitest';
import { fakeHost, watches } from '../../lib/host/fake';
import type { UpdateState, UpdateWayBack } from '../../lib/host/host';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { settings, updateState } from '../../lib/testing';
import Updates from './Updates.svelte';

afterEach(cleanup);

const CHANNEL = 'https://updates.example/atalaya.json';
const notes = { es: 'Más rápido', en: 'Faster', 'pt-BR': 'Mais rápido' };
const newer = { kind: 'newer' as const, version: '0.2.0', bytes: 12_000_000, notes };

function shown(first: Partial<UpdateState> = {}, way: UpdateWayBack | null = null) {
  let now = updateState(first);
  const became = (parts: Partial<UpdateState>) => (now = { ...now, ...parts });
  const host = fakeHost({
    asks: {
      settings_change: ({ parts }) => {
        became({ channel: parts.updateChannel || null });
        return settings({ ...signedIn.settings.value, ...parts });
      },
      update_state: () => now,
      update_way_back: () => {
        if (way) return way;
        throw { code: 'updateNothingBefore', params: {}, retryable: false };
      },
      update_look: () => became({ found: newer, lookedMs: 1 }),
      update_fetch: () => became({ phase: { kind: 'ready', version: '0.2.0' }, withoutWayBack: true }),
      update_install: ({ reviewing }) =>
        reviewing
          ? became({ problem: { code: 'updateReviewing', params: {}, retryable: true } })
          : became({ phase: { kind: 'installed', version: '0.2.0' }, problem: null }),
      update_back: () => became({ phase: { kind: 'installed', version: '0.1.0' } }),
    },
    streams: watches,
  });
  const signedIn = new SignedIn(new App(host));
  signedIn.settings.value = settings({ updateChannel: first.channel ?? '' });
  render(Updates, { signedIn });
  return { host, signedIn };
}

const said = () => screen.getByTestId('update-said').textContent.trim();
const press = async (id: string) => fireEvent.click(await screen.findByTestId(id));

it('asks nobody until a channel is chosen, then looks, fetches and installs, each when it is asked for', async () => {
  const { host } = shown();
  expect(await screen.findByText('Updates are off.')).toBeTruthy();
  expect(screen.getByTestId('update-look').getAttribute('aria-disabled')).toBe('true');
  await press('update-look');
  expect(host.asked('update_look')).toEqual([]);
  await fireEvent.change(screen.getByTestId('update-channel'), { target: { value: ` ${CHANNEL} ` } });
  expect(host.asked('settings_change')).toEqual([{ parts: { updateChannel: CHANNEL } }]);
  await expect.poll(() => screen.getByTestId('update-look').getAttribute('aria-disabled')).not.toBe('true');
  await press('update-look');
  await expect.poll(said).toContain('0.2.0');
  expect(screen.getByTestId('update-notes').textContent).toBe('Faster');
  expect(host.asked('update_fetch')).toEqual([]);
  await press('update-fetch');
  await expect.poll(said).toContain('downloaded and checked');
  expect(screen.getByText(/no way back/)).toBeTruthy();
  expect(host.asked('update_install')).toEqual([]);
  await press('update-install');
  await expect.poll(said).toContain('is installed');
});

it('says why not now while a review is half done', async () => {
  const { signedIn, host } = shown({
    channel: CHANNEL,
    found: newer,
    phase: { kind: 'ready', version: '0.2.0' },
  });
  Object.defineProperty(signedIn.review, 'isHalfDone', { value: true, configurable: true });
  await press('update-install');
  await expect.poll(() => host.asked('update_install')).toEqual([{ reviewing: true, writing: false }]);
  expect((await screen.findByTestId('update-problem')).textContent).toContain('a review is half done');
  expect(screen.getByTestId('update-install')).toBeTruthy();
});

it('goes back only after saying what becomes of the data', async () => {
  const { host } = shown({}, { version: '0.1.0', dataOfMs: 1_790_000_000_000, historyAside: true });
  await press('update-back');
  expect(screen.getByText(/set aside in a file/)).toBeTruthy();
  await press('update-no');
  expect(host.asked('update_back')).toEqual([]);
  await press('update-back');
  await press('update-yes');
  await expect.poll(said).toContain('0.1.0');
  expect(screen.queryByTestId('update-back')).toBeNull();
});

it('shows the channel of whoever looks after the computer, and does not let it be changed', async () => {
  shown({ channel: CHANNEL, given: true });
  const field = await screen.findByTestId<HTMLInputElement>('update-channel');
  expect([field.readOnly, field.value]).toEqual([true, CHANNEL]);
});
