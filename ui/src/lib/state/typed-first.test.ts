import { describe, expect, it } from 'vitest';
import { fakeHost, later } from '../host/fake';
import type { Note } from '../host/host';
import { call } from '../testing';
import { ActState } from './act.svelte';
import { CallNotes } from './call-notes.svelte';
import { DispositionState } from './disposition.svelte';
import { Drafts } from './drafts';
import type { Files } from './files';
import type { PlayerState } from './player.svelte';

const at = call({ guid: 'g-1' });
const still = { call: null, transport: { positionSecs: 0 } } as unknown as PlayerState;

describe('what is typed before everything kept is there', () => {
  it('stays in the sheet of an operation', async () => {
    const own = later<{ extension: string; context: string; byLogin: boolean; user: string }>();
    const host = fakeHost({
      asks: {
        own_phone: own.ask,
        draft_get: () => null,
        operation_check: () => ({ name: '', path: '', fields: [], flaws: [], sms: null }),
      },
    });
    const act = new ActState(
      host,
      new Drafts(host),
      'schedule',
      { number: '', campaign: '' },
      { destination: '', campaign: 'Ventas->' },
      () => undefined,
    );
    const starting = act.start();
    await act.type('destination', '099777888');
    own.answer[0]?.({ extension: '1001', context: '', byLogin: true, user: 'ana' });
    await starting;
    expect(act.values).toMatchObject({
      destination: '099777888',
      campaign: 'Ventas->',
      extension: '1001',
    });
  });

  it('stays in a note and in a disposition', async () => {
    const notes = later<Note[]>();
    const kept = JSON.stringify({ id: null, secs: 1, text: 'kept', shared: true });
    const host = fakeHost({
      asks: {
        notes_of: notes.ask,
        draft_get: ({ key }) => (key.startsWith('note/') ? kept : JSON.stringify({ level1: 'kept' })),
        draft_set: () => null,
        dispositions: () => [],
      },
    });
    const written = new CallNotes(host, still, new Drafts(host));
    const looking = written.look(at);
    written.begin();
    written.type({ id: null, secs: 2, text: 'typed', shared: true });
    notes.answer[0]?.([]);
    await looking;
    expect(written.draft?.text).toBe('typed');
    // One that was only begun goes on with what was kept, and loses none of it.
    const another = new CallNotes(host, still, new Drafts(host));
    const again = another.look(at);
    another.begin();
    notes.answer[1]?.([]);
    await again;
    expect(another.draft?.text).toBe('kept');
    // The list it is in is told anew while it is typed.
    another.type({ id: null, secs: 2, text: 'kept, and', shared: true });
    const told = another.look({ ...at });
    expect(another.draft?.text).toBe('kept, and');
    notes.answer[2]?.([]);
    await told;
    expect(another.draft?.text).toBe('kept, and');

    const disposed = new DispositionState(host, {} as Files, new Drafts(host), at);
    const starting = disposed.start();
    disposed.levels = { ...disposed.levels, level1: 'typed' };
    await starting;
    expect(disposed.levels.level1).toBe('typed');
  });
});
