import { describe, expect, it, vi } from 'vitest';
import type { Answers } from '../host/answers';
import { fakeHost, taken, watches } from '../host/fake';
import type { ListSlice, SessionState } from '../host/host';
import { agent, board, campaign, listRow, sessionAt, settings, snapshot } from '../testing';
import { App } from './app.svelte';

const slice = (...guids: string[]): ListSlice => ({
  revision: guids.length,
  total: guids.length,
  shown: guids.length,
  unjudged: 0,
  from: 0,
  rows: guids.map((guid) => listRow({ guid })),
});

/** A window somebody signed in with, to the server of this name. */
async function opened(id: string | null, asks: Partial<Answers> = {}) {
  let now = sessionAt(id);
  const host = fakeHost({
    streams: { ...watches, calls_search: () => 7 },
    asks: {
      settings_get: () => settings(),
      window_broke: taken,
      window_ready: taken,
      broke_last: () => null,
      session_state: () => now,
      sign_in: () => (now = sessionAt('branch')),
      sign_out: () => (now = sessionAt(null)),
      draft_get: () => null,
      draft_set: taken,
      tags_for: () => [],
      calls_facets: () => ({ campaigns: [], agents: [], outcomes: [], legOutcomes: [], causes: [] }),
      recording_cancel: taken,
      ...asks,
    },
  });
  const app = new App(host);
  await app.start();
  const watched = (state: SessionState) => host.emit('session_watch', state);
  return { app, host, watched };
}

const request = {
  profileId: 'branch',
  name: '',
  serverUrl: '',
  user: '',
  password: null,
  telephonyUrl: null,
  backupUrl: null,
  extraCaPath: null,
  keep: true,
};

describe('a session', () => {
  it('begins with nothing of the one before, and hears streams of its own', async () => {
    const { app, host } = await opened('central', { calls_view: () => slice('a', 'b') });
    const first = app.signedIn;
    host.emit('floor_watch', {
      kind: 'snapshot',
      snapshot: snapshot({ campaigns: [campaign()], agents: [agent()] }),
    });
    await first?.calls.list.apply();
    expect([first?.floor.agents.length, first?.calls.shown]).toEqual([1, 2]);
    await app.session.signOut();
    expect(app.signedIn).toBeNull();
    await app.session.signIn(request);
    const second = app.signedIn;
    expect(second).not.toBe(first);
    expect([second?.floor.agents.length, second?.calls.shown, second?.view]).toEqual([0, 0, 'floor']);
    for (const stream of [
      'floor_watch',
      'player_watch',
      'tags_watch',
      'alerts_watch',
      'marks_watch',
    ] as const)
      expect(host.opened(stream)).toHaveLength(2);
  });

  it('goes on when it is told late that the one before it is over', async () => {
    const { app, watched } = await opened(null, { sign_in: () => ({ ...sessionAt('branch'), turn: 3 }) });
    await app.session.signIn(request);
    const begun = app.signedIn;
    expect(begun).not.toBeNull();
    watched({ ...sessionAt(null), turn: 2 });
    watched({ ...sessionAt('branch'), turn: 3 });
    expect(app.signedIn).toBe(begun);
    watched({ ...sessionAt(null), turn: 4 });
    expect(app.signedIn).toBeNull();
  });

  it('leaves what was being searched for to whoever typed it, and to nobody else', async () => {
    const kept = new Map<string, string>();
    const { app, watched } = await opened('central', {
      draft_get: ({ key }) => kept.get(key) ?? null,
      draft_set: ({ key, text }) => {
        if (text === null) kept.delete(key);
        else kept.set(key, text);
        return null;
      },
      calls_last_query: () => null,
      calls_view: () => slice(),
      calls_slice: () => slice(),
    });
    /** What the room of calls opens with. */
    const opens = async () => {
      await app.signedIn?.calls.start();
      return app.signedIn?.calls.search.source;
    };
    expect(await opens()).toBe('');
    if (app.signedIn) app.signedIn.calls.search.source = '0991';
    app.signedIn?.calls.typed();
    await app.session.signOut();
    watched(sessionAt('branch'));
    expect(await opens()).toBe('');
    watched(sessionAt('central'));
    expect(await opens()).toBe('0991');
  });

  it('is another one with another account, also when its end was never told', async () => {
    const { app, watched } = await opened('central');
    const first = app.signedIn;
    watched({ ...sessionAt('central'), reviewer: 'Marta' });
    expect(app.signedIn).toBe(first);
    watched(sessionAt('branch'));
    expect(app.signedIn?.account).toBe('branch');
  });

  it('changes nothing any more once it is over: replies, streams and what was to follow them', async () => {
    let answer: (slice: ListSlice) => void = () => undefined;
    const { app, host } = await opened('central', {
      calls_view: () => new Promise((resolve) => (answer = resolve)),
    });
    const first = app.signedIn;
    if (!first) throw new Error('nobody is signed in');
    const asking = first.calls.list.apply();
    await app.session.signOut();
    await app.session.signIn(request);
    answer(slice('a', 'b'));
    host.emit('floor_watch', { kind: 'snapshot', snapshot: snapshot({ agents: [agent()] }) }, 0);
    host.emit('alerts_watch', board([], { quiet: true }), 0);
    const heard = vi.fn();
    void asking.then(heard, heard);
    void first.alerts.mute(5).then(heard, heard);
    // Whatever was on its way has come by the time the next session has its answer.
    host.asks.calls_view = () => slice();
    await app.signedIn?.calls.list.apply();
    expect([first.calls.shown, first.floor.agents.length, first.alerts.board.quiet]).toEqual([0, 0, false]);
    expect([app.signedIn?.calls.shown, app.signedIn?.floor.agents.length]).toEqual([0, 0]);
    expect(heard).not.toHaveBeenCalled();
    expect(host.asked('alerts_mute')).toEqual([]);
  });
});
