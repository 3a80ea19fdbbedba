import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { fakeHost, taken, watches } from '../lib/host/fake';
import type { Problem } from '../lib/host/host';
import { MockDesk } from '../lib/host/mock-desk';
import { App } from '../lib/state/app.svelte';
import { session, settings } from '../lib/testing';
import SignIn from './SignIn.svelte';

afterEach(cleanup);

async function signedOut(signedOutReason: Problem | null, demo = false) {
  const desk = new MockDesk(new URLSearchParams());
  const state = session({ signedIn: false, signedOutReason, demo });
  const demonstration_open = vi.fn(taken);
  const asks = {
    settings_get: () => settings(),
    session_state: () => state,
    server_hint: desk.hint,
    demonstration_open,
    window_broke: taken,
    window_ready: taken,
  };
  const app = new App(fakeHost({ asks, streams: watches }));
  await app.start();
  render(SignIn, { app });
  await tick();
  return {
    wrong: screen.getByTestId('sign-in-password').getAttribute('aria-invalid'),
    demonstration_open,
    app,
  };
}

it('tells of a backup that was put back as what went well', async () => {
  const { wrong } = await signedOut({ code: 'restored', params: { path: '/x.sqlite' }, retryable: false });
  expect(screen.getByTestId('sign-in-restored').textContent).toContain('/x.sqlite');
  expect([wrong, screen.queryByTestId('sign-in-error')]).toEqual(['false', null]);
});

it('tells of a session that ended as what went wrong', async () => {
  const { wrong } = await signedOut({ code: 'sessionTaken', params: {}, retryable: false });
  expect(screen.getByTestId('sign-in-error').dataset.code).toBe('sessionTaken');
  expect([wrong, screen.queryByTestId('sign-in-restored')]).toEqual(['true', null]);
});

it('shows the password while it is asked to', async () => {
  await signedOut(null);
  const type = () => screen.getByTestId('sign-in-password').getAttribute('type');
  const eye = screen.getByTestId('sign-in-show');
  expect([type(), eye.getAttribute('aria-pressed')]).toEqual(['password', 'false']);
  await fireEvent.click(eye);
  expect([type(), eye.getAttribute('aria-pressed')]).toEqual(['text', 'true']);
});

it('opens the demonstration from here, but not from itself', async () => {
  const { demonstration_open } = await signedOut(null);
  await fireEvent.click(screen.getByTestId('sign-in-demo'));
  expect(demonstration_open).toHaveBeenCalledOnce();
  cleanup();
  await signedOut(null, true);
  expect(screen.queryByTestId('sign-in-demo')).toBeNull();
});

it('forgets what was wrong with an address as soon as it is another', async () => {
  const { app } = await signedOut(null);
  app.session.problem = { code: 'unknownHost', params: { host: 'a.example' }, retryable: true };
  await tick();
  const server = screen.getByTestId('sign-in-server');
  expect(server.getAttribute('aria-invalid')).toBe('true');
  await fireEvent.input(server, { target: { value: 'b.example' } });
  expect(server.getAttribute('aria-invalid')).toBe('false');
  expect(screen.queryByTestId('sign-in-error')).toBeNull();
});
