import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import AppView from './App.svelte';
import { fakeHost, taken, watches } from './lib/host/fake';
import type { ListSlice, Place, SessionState } from './lib/host/host';
import { MockDesk } from './lib/host/mock-desk';
import { App } from './lib/state/app.svelte';
import {
  agent,
  call,
  campaign,
  listRow,
  sessionAt,
  settings,
  snapshot,
  transport,
  updateState,
  webhook,
} from './lib/testing';

afterEach(cleanup);

const AGENT = 'Lucía Pereira';
const slice = (...guids: string[]): ListSlice => ({
  revision: guids.length + 1,
  total: guids.length,
  shown: guids.length,
  unjudged: 0,
  from: 0,
  rows: guids.map((guid) => listRow({ guid })),
});

/** The window, nobody signed in, over a program that has calls of one agent at one server and none at the other. */
async function opened() {
  let [now, found]: [SessionState, ListSlice] = [sessionAt(null), slice()];
  const desk = new MockDesk(new URLSearchParams());
  const host = fakeHost({
    asks: {
      settings_get: () => settings(),
      settings_change: ({ parts }) => settings(parts),
      window_broke: taken,
      window_ready: taken,
      broke_last: () => null,
      tray_words: taken,
      text_size: taken,
      rules_usual: () => [],
      recording_names: () => ({ example: 'a.wav', unknown: [], unclosed: false, known: [] }),
      update_state: () => updateState(),
      update_way_back: () => Promise.reject(new Error('not here')),
      webhook_state: () => webhook(),
      webhook_words: taken,
      webhook_preview: () => '',
      review_cards: () => [],
      session_state: () => now,
      server_hint: desk.hint,
      audio_devices: () => [],
      diagnostics: () => desk.diagnostics(),
      history_room: desk.room,
      sign_in: ({ request }) => (now = sessionAt(request.profileId)),
      sign_out: () => (now = sessionAt(null)),
      calls_view: () => found,
      calls_slice: () => found,
      calls_place: () => null,
      calls_last_query: () => null,
      calls_facets: () => ({ campaigns: [], agents: [], outcomes: [], legOutcomes: [], causes: [] }),
      review_cards_for: () => [],
      recording_cancel: taken,
      recording_prefetch: taken,
      tags_for: () => [],
      tags_recent: () => [],
      draft_get: () => null,
      notes_of: () => [],
      draft_set: taken,
    },
    streams: { ...watches, calls_search: () => 7, recording_open: taken },
  });
  const app = new App(host);
  render(AppView, { app });
  const signIn = async (profile: string, has: ListSlice) => {
    found = has;
    await fireEvent.click(await screen.findByText(`${profile}.example`));
    await fireEvent.submit(screen.getByTestId('sign-in-submit').closest('form') as HTMLFormElement);
    await screen.findByTestId('nav-calls');
  };
  const search = async () => {
    await fireEvent.click(screen.getByTestId('nav-calls'));
    await vi.waitFor(() => expect(screen.getByTestId<HTMLInputElement>('calls-from').value).not.toBe(''));
    await fireEvent.submit(screen.getByTestId('calls-search').closest('form') as HTMLFormElement);
    await vi.waitFor(() => expect(host.opened('calls_search').length).toBeGreaterThan(0));
    host.emit('calls_search', { kind: 'done', calls: found.total, rows: found.total });
  };
  return { app, host, signIn, search };
}

it('shows nothing of the last account once somebody signed out, nor to whoever signs in next', async () => {
  const { app, host, signIn, search } = await opened();
  await signIn('central', slice('a', 'b'));
  const people = snapshot({ campaigns: [campaign()], agents: [agent({ name: AGENT })] });
  host.emit('floor_watch', { kind: 'snapshot', snapshot: people });
  await search();
  await vi.waitFor(() => expect(screen.getByTestId('calls-count').dataset.calls).toBe('2'));
  await app.signedIn?.play(call({ guid: 'a' }));
  await tick();
  expect(screen.getByTestId('player').textContent).toContain(AGENT);
  const ticket = host.opened('recording_open')[0]?.request.ticket ?? 0;
  /** On every stream there is, those of the session that is over too. */
  const speaks = () => {
    const place: Place = { host: 'telephony', day: null, format: 'mp3' };
    host.emit('recording_open', { kind: 'found', place, millis: 9, cached: false }, 0);
    const playing = transport({ phase: 'playing' });
    for (const turn of host.opened('player_watch').keys())
      host.emit('player_watch', { kind: 'transport', ticket, transport: playing }, turn);
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
  host.emit('floor_watch', { kind: 'snapshot', snapshot: people }, 0);
  host.emit('calls_search', { kind: 'page', calls: 2, pages: 1, rows: 2, dropped: 0 }, 0);
  speaks();
  await search();
  const player = screen.getByTestId('player');
  expect([player.getAttribute('data-guid'), player.dataset.phase]).toEqual(['', 'empty']);
  expect(screen.getByTestId('calls-count').dataset.calls).toBe('0');
  expect(document.body.innerHTML).not.toContain(AGENT);
});
