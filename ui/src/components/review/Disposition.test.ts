import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it } from 'vitest';
import en from '../../../messages/en.json';
import { fakeHost, taken } from '../../lib/host/fake';
import { App } from '../../lib/state/app.svelte';
import { SignedIn } from '../../lib/state/signed-in.svelte';
import { call } from '../../lib/testing';
import Disposition from './Disposition.svelte';

beforeEach(() => {
  // Not in the DOM of tests.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
});
afterEach(cleanup);

it('says that a disposition without an answer may have been done, and sends it no second time', async () => {
  const host = fakeHost({
    asks: {
      dispositions: () => [],
      disposition_send: () => ({
        outcome: 'unknown' as const,
        problem: { code: 'timeout', params: {}, retryable: true },
      }),
      draft_get: () => null,
      draft_set: taken,
    },
  });
  render(Disposition, { signedIn: new SignedIn(new App(host)), call: call(), onclose: () => undefined });
  const level = screen.getByTestId('disposition-level1');
  await fireEvent.input(level, { target: { value: 'Venta' } });
  await fireEvent.submit(level.closest('form') as HTMLFormElement);
  await fireEvent.click(screen.getByTestId('disposition-send'));
  const said = (await screen.findByTestId('disposition-problem')).textContent?.trim();
  expect(said).toBe(`${en.write_no_answer} ${en.write_may_be_done}`);
  expect(host.asked('disposition_send')).toHaveLength(1);
});
