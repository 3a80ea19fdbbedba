import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { fakeHost, taken, watches } from '../lib/host/fake';
import type { Problem, SessionState } from '../lib/host/host';
import { MockDesk } from '../lib/host/mock-desk';
import { App } from '../lib/state/app.svelte';
import { session, settings } from '../lib/testing';
import SignIn from './SignIn.svelte';

afterEach(cleanup);

async function signedOut(signedOutReason: Problem | null, demo = false, parts: Partial<SessionState> = {}) {
  const desk = new MockDesk(new URLSearchParams());
  const state = session({ signedIn: false, signedOutReason, demo, ...parts });
  const demonstration_open = vi.fn(taken);
  const asks = {
    settings_get: () => settings(),
    session_state: () => state,
    server_hint: desk.hint,
    demonstration_open,
    window_broke: taken,
    window_ready: taken,
    broke_last: () => null,
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

it('offers the servers that were decided on, and none besides when only those may be', async () => {
  const { decided, profile } = session({});
  if (!profile) throw new Error('nobody signed in before');
  const given = { ...profile, id: 'given-0', name: 'Norte', serverUrl: 'https://norte.example', user: '' };
  const servers = [given, { ...given, id: 'given-1', serverUrl: profile.serverUrl }];
  await signedOut(null, false, { decided: { ...decided, servers, onlyTheseServers: true } });
  const chips = () => [...document.querySelectorAll('.chip')].map((chip) => chip.textContent);
  // The second one somebody signed in to before: it is there once.
  expect(chips()).toEqual([profile.name, 'Norte']);
  await fireEvent.click(screen.getByText('Norte'));
  const server = screen.getByTestId<HTMLInputElement>('sign-in-server');
  expect([server.value, server.readOnly]).toEqual(['https://norte.example', true]);
  expect(screen.queryByTestId('sign-in-decided')).toBeNull();
  cleanup();
  const problem = { code: 'adminFile', params: { path: '/etc/x', detail: 'line 3' }, retryable: false };
  await signedOut(null, false, { decided: { ...decided, problem } });
  expect(screen.getByTestId('sign-in-decided').textContent).toContain('line 3');
  expect(chips()).toHaveLength(2);
});
