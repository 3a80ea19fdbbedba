import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fakeHost, watches } from '../../lib/host/fake';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { settings } from '../../lib/testing';
import ActSheet from './ActSheet.svelte';

beforeEach(() => {
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
});
afterEach(cleanup);

async function shown(number: string) {
  const asks = {
    own_phone: () => ({ extension: '', context: '', byLogin: false, user: '' }),
    draft_get: () => null,
    operation_check: () => ({ path: '', fields: [], flaws: [], size: null }) as never,
  };
  const signedIn = new SignedIn(new App(fakeHost({ asks: asks as never, streams: watches })));
  signedIn.settings.value = settings();
  signedIn.begin('sms', { number, campaign: '' });
  const about = signedIn.act as NonNullable<typeof signedIn.act>;
  render(ActSheet, { props: { signedIn, ...about, onclose: vi.fn() } });
}
const at = () => (document.activeElement as HTMLElement | null)?.dataset.testid;

it('has the focus in what is missing, and leaves it where somebody types', async () => {
  await shown('');
  await vi.waitFor(() => expect(at()).toBe('act-destination'));
  await fireEvent.input(screen.getByTestId('act-destination'), { target: { value: '0' } });
  await tick();
  expect(at()).toBe('act-destination');
  cleanup();
  await shown('099123456');
  await vi.waitFor(() => expect(at()).toBe('act-message'));
});
