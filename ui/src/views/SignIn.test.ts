import { cleanup, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, expect, it } from 'vitest';
import { fakeHost, taken, watches } from '../lib/host/fake';
import type { Problem } from '../lib/host/host';
import { MockDesk } from '../lib/host/mock-desk';
import { App } from '../lib/state/app.svelte';
import { session, settings } from '../lib/testing';
import SignIn from './SignIn.svelte';

afterEach(cleanup);

async function signedOut(signedOutReason: Problem) {
  const desk = new MockDesk(new URLSearchParams());
  const state = session({ signedIn: false, signedOutReason });
  const asks = {
    settings_get: () => settings(),
    session_state: () => state,
    server_hint: desk.hint,
    window_broke: taken,
    window_ready: taken,
  };
  const app = new App(fakeHost({ asks, streams: watches }));
  await app.start();
  render(SignIn, { app });
  await tick();
  return screen.getByTestId('sign-in-password').getAttribute('aria-invalid');
}

it('tells of a backup that was put back as what went well', async () => {
  const wrong = await signedOut({ code: 'restored', params: { path: '/x.sqlite' }, retryable: false });
  expect(screen.getByTestId('sign-in-restored').textContent).toContain('/x.sqlite');
  expect([wrong, screen.queryByTestId('sign-in-error')]).toEqual(['false', null]);
});

it('tells of a session that ended as what went wrong', async () => {
  const wrong = await signedOut({ code: 'sessionTaken', params: {}, retryable: false });
  expect(screen.getByTestId('sign-in-error').dataset.code).toBe('sessionTaken');
  expect([wrong, screen.queryByTestId('sign-in-restored')]).toEqual(['true', null]);
});
