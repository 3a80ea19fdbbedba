import { describe, expect, it } from 'vitest';
import { fakeHost } from '../host/fake';
import { Drafts } from './drafts';

/** A host whose writes end when told to. */
function slow() {
  const written: [string, string | null][] = [];
  const ends: (() => void)[] = [];
  const host = fakeHost({
    asks: {
      draft_get: () => 'kept',
      draft_set: ({ key, text }) => {
        written.push([key, text]);
        return new Promise((end) => ends.push(() => end(null)));
      },
    },
  });
  const finish = async () => {
    ends.shift()?.();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { drafts: new Drafts(host), written, finish };
}

describe('drafts', () => {
  it('are written at once, one at a time, and only the newest of what waits', async () => {
    const { drafts, written, finish } = slow();
    for (const text of ['r', 're', 'rec']) drafts.keep('tag/1', text);
    drafts.keep('tag/2', 'other');
    expect(written).toEqual([['tag/1', 'r']]);
    expect(await drafts.read('tag/1')).toBe('rec');
    await finish();
    await finish();
    expect(written).toEqual([
      ['tag/1', 'r'],
      ['tag/1', 'rec'],
      ['tag/2', 'other'],
    ]);
    await finish();
    expect(await drafts.read('tag/1')).toBe('kept');
    drafts.keep('tag/1', null);
    expect(written.at(-1)).toEqual(['tag/1', null]);
  });
});
