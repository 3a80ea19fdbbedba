import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import AppView from './App.svelte';
import type { ListSlice, SessionState, Transport } from './lib/host/host';
import { App } from './lib/state/app.svelte';
import { FakeProgram, session, settings } from './lib/state/fake-program';
import { agent, call, campaign, listRow, snapshot } from './lib/testing';

afterEach(cleanup);

const AGENT = 'Lucía Pereira';
const slice = (...guids: string[]): ListSlice => ({
  revision: guids.length + 1,
  total: guids.length,
  shown: guids.length,
  from: 0,
  rows: guids.map((guid) => listRow({ guid })),
});

/** The window, nobody signed in, over a program that has calls of one agent at one server and none at the other. */
async function opened() {
  let [now, found]: [SessionState, ListSlice] = [session(null), slice()];
  const program = new FakeProgram(
    {
      settings_get: () => settings(),
      settings_set: ({ settings: kept }) => kept,
      window_ready: () => null,
      tray_words: () => null,
      session_state: () => now,
      server_hint: () => ({ normalized: null, telephonyUrl: null, backupUrl: null, problem: null }),
      sign_in: ({ request }) => (now = session(request.profileId)),
      sign_out: () => (now = session(null)),
      calls_view: () => found,
      calls_slice: () => found,
      calls_place: () => null,
      calls_last_query: () => null,
      calls_facets: () => ({ campaigns: [], agents: [], outcomes: [], legOutcomes: [], causes: [] }),
      review_cards_for: () => [],
      recording_cancel: () => null,
      recording_prefetch: () => null,
      tags_for: () => [],
      tags_recent: () => [],
      draft_get: () => null,
      draft_set: () => null,
    },
    { calls_search: () => 7 },
  );
  const app = new App(program);
  render(AppView, { app });
  const signIn = async (profile: string, has: ListSlice) => {
    found = has;
    await fireEvent.click(await screen.findByText(profile));
    await fireEvent.submit(screen.getByTestId('sign-in-submit').closest('form') as HTMLFormElement);
    await screen.findByTestId('nav-calls');
  };
  const search = async () => {
    await fireEvent.click(screen.getByTestId('nav-calls'));
    await vi.waitFor(() => expect(screen.getByTestId<HTMLInputElement>('calls-from').value).not.toBe(''));
    await fireEvent.submit(screen.getByTestId('calls-search').closest('form') as HTMLFormElement);
    await vi.waitFor(() => expect(program.opened('calls_search').length).toBeGreaterThan(0));
    program.say('calls_search', { kind: 'done', calls: found.total, rows: found.total });
  };
  return { app, program, signIn, search };
}

it('shows nothing of the last account once somebody signed out, nor to whoever signs in next', async () => {
  const { app, program, signIn, search } = await opened();
  await signIn('central', slice('a', 'b'));
  const people = snapshot({ campaigns: [campaign()], agents: [agent({ name: AGENT })] });
  program.say('floor_watch', { kind: 'snapshot', snapshot: people });
  await search();
  await vi.waitFor(() => expect(screen.getByTestId('calls-count').dataset.calls).toBe('2'));
  await app.signedIn?.play(call({ guid: 'a' }));
  await tick();
  expect(screen.getByTestId('player').textContent).toContain(AGENT);
  const [opening] = program.opened('recording_open');
  const transport = app.signedIn?.player.transport as Transport;
  const speaks = () => {
    const place = { host: 'telephony', day: null, format: 'mp3' };
    opening?.say({ kind: 'found', place, millis: 9, cached: false });
    for (const watch of program.opened('player_watch'))
      watch.say({
        kind: 'transport',
        ticket: opening?.args.request.ticket ?? 0,
        transport: { ...transport, phase: 'playing' },
      });
  };
  speaks();
  await vi.waitFor(() => expect(screen.getByTestId('player').dataset.phase).toBe('playing'));

  // From another room what sounds is in the head of the window.
  await fireEvent.click(screen.getByTestId('nav-settings'));
  expect((await screen.findByTestId('sounding')).textContent).toContain(AGENT);
  await fireEvent.click(screen.getByTestId('sign-out'));
  await screen.findByTestId('sign-in');
  expect(document.body.textContent).not.toContain(AGENT);

  await signIn('branch', slice());
  expect(screen.queryByTestId('sounding')).toBeNull();
  const late = program.opened('floor_watch')[0];
  late?.say({ kind: 'snapshot', snapshot: people });
  program.opened('calls_search')[0]?.say({ kind: 'page', calls: 2, pages: 1, rows: 2, dropped: 0 });
  speaks();
  await search();
  const player = screen.getByTestId('player');
  expect([player.getAttribute('data-guid'), player.dataset.phase]).toEqual(['', 'empty']);
  expect(screen.getByTestId('calls-count').dataset.calls).toBe('0');
  expect(document.body.innerHTML).not.toContain(AGENT);
});
