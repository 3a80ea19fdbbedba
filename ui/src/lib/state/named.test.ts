import { describe, expect, it } from 'vitest';
import { DEFAULT_VIEW, VIEWS } from './floor-view';
import { asText, fromText, namedFrom, renamed, restored, withOne, without } from './named';

const NONE = namedFrom(VIEWS, null);
const view = (density: 'usual' | 'dense' | 'wide') => ({ ...DEFAULT_VIEW, density });
const two = withOne(withOne(NONE, { id: '1', name: ' Lost ', view: view('usual') }), {
  id: '2',
  name: 'Long',
  view: view('dense'),
});

describe('what is kept under a name', () => {
  it('comes back as it was kept, and whatever else was written costs nothing', () => {
    const opens = { ...two, first: '2' };
    expect(namedFrom(VIEWS, JSON.parse(JSON.stringify(opens)))).toEqual(opens);
    expect(namedFrom(VIEWS, { ...two, first: 'gone' })).toEqual(two);
    const odd = { list: [null, 7, { id: 1 }, { id: 'a', name: ' ' }], first: 'gone' };
    for (const other of [null, 7, 'x', { list: 'x' }, odd]) expect(namedFrom(VIEWS, other)).toEqual(NONE);
  });

  it('has one name each', () => {
    expect(two.list.map((one) => one.name)).toEqual(['Lost', 'Long']);
    const again = withOne(two, { id: '3', name: 'LOST', view: view('wide') });
    expect(again.list.map((one) => [one.id, one.name, one.view.density])).toEqual([
      ['1', 'LOST', 'wide'],
      ['2', 'Long', 'dense'],
    ]);
    expect(withOne(two, { id: '3', name: '  ', view: view('wide') })).toBe(two);
    expect(renamed(two, '1', 'long')).toBe(two);
    expect(renamed(two, '1', ' ')).toBe(two);
    expect(renamed(two, '1', 'LOST').list[0]?.name).toBe('LOST');
  });

  it('is removed, and put back where it was', () => {
    const opens = { ...two, first: '1' };
    const rest = without(opens, '1');
    expect([rest.list.length, rest.first]).toEqual([1, null]);
    expect(restored(rest, opens.list[0] as (typeof opens.list)[0], 0, true)).toEqual(opens);
  });

  it('goes into a file and comes back on another computer', () => {
    const text = asText(VIEWS, two);
    expect(fromText(VIEWS, NONE, text)).toEqual(two);
    let theirs = withOne(NONE, { id: '2', name: 'Night', view: view('usual') });
    theirs = withOne(theirs, { id: 'z', name: 'LOST', view: view('wide') });
    const found = fromText(VIEWS, theirs, text);
    expect(found?.list.map((one) => [one.name, one.view.density])).toEqual([
      ['Night', 'usual'],
      ['Lost', 'usual'],
      ['Long', 'dense'],
    ]);
    expect(new Set(found?.list.map((one) => one.id)).size).toBe(3);
    for (const other of ['', '{', '[]', '{"kind":"atalaya-searches"}', 'null'])
      expect(fromText(VIEWS, two, other)).toBe(null);
  });
});
