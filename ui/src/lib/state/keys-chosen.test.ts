import { afterEach, expect, it, vi } from 'vitest';
import { ACTION_IDS, actionOf } from '../key-table';
import { codeOf, eachOf, written } from '../key-words';
import { isEverybodys, keyOf, keys } from './keys.svelte';

const event = (code: string, more: KeyboardEventInit = {}) =>
  new KeyboardEvent('keydown', { code, key: more.key ?? code, cancelable: true, ...more });

afterEach(() => {
  keys.chosen = {};
  keys.groups = [];
  keys.help = false;
});

it('hears the key chosen in place of the usual ones, and shows it wherever keys are shown', () => {
  const run = vi.fn();
  keys.add({ 'floor.rewind': run });
  keys.chosen = { 'floor.rewind': [{ code: 'Ctrl+KeyH', shown: 'Ctrl H' }] };
  keys.handle(event('KeyR'));
  expect(run).not.toHaveBeenCalled();
  keys.handle(event('KeyH', { ctrlKey: true }));
  expect(run).toHaveBeenCalledOnce();
  expect([keys.shown('floor.rewind'), keys.hint('Go back', 'floor.rewind')]).toEqual([
    'Ctrl H',
    'Go back · Ctrl H',
  ]);
  keys.chosen = { 'floor.rewind': [] };
  expect(keys.hint('Go back', 'floor.rewind')).toBe('Go back');
});

it('finds what is in the way wherever both are heard, and lets what is meant to lie over another', () => {
  expect(keys.clash('calls.flag', 'KeyJ')).toBe('player.back10');
  expect(keys.clash('floor.pin', 'KeyJ')).toBeNull();
  expect(keys.clash('floor.pin', 'Alt+Digit2')).toBe('go.calls');
  expect(keys.clash('wall.mask', 'KeyF')).toBe('wall.full');
  expect(keys.clash('wall.mask', 'KeyR')).toBeNull();
  // One of the digits is as much in the way as all of them.
  expect(keys.clash('calls.flag', 'Digit4')).toBe('calls.preset');
  expect(keys.clash('calls.preset', 'Alt+Digit1-9')).toBe('go.floor');
  // The worklist's plus lies over the player's, as it always did; nobody else's may.
  expect(keys.clash('work.better', 'Equal')).toBeNull();
  expect(keys.clash('work.comment', 'Equal')).not.toBeNull();
  for (const id of ACTION_IDS) expect([id, keys.clashOf(id)]).toEqual([id, null]);
});

it('does not give a usual key back that another action has by now', () => {
  keys.chosen = {
    'floor.rewind': [{ code: 'KeyH', shown: 'H' }],
    'floor.agents': [{ code: 'KeyR', shown: 'R' }],
  };
  expect(keys.usualClash('floor.rewind')).toEqual({ key: 'R', with: 'floor.agents' });
  expect(keys.usualClash('floor.agents')).toBeNull();
  // As a file may have brought it.
  keys.chosen = { 'floor.agents': [{ code: 'KeyR', shown: 'R' }] };
  expect(keys.clashOf('floor.agents')).toEqual({ key: 'R', with: 'floor.rewind' });
});

it('keeps a key as it is pressed, and digits as the family they are', () => {
  expect(keyOf(event('ShiftLeft', { key: 'Shift', shiftKey: true }), 'floor.pin')).toBeNull();
  expect(keyOf(event('KeyQ', { key: 'a' }), 'floor.pin')).toEqual({ code: 'KeyQ', shown: 'A' });
  expect(keyOf(event('BracketLeft', { key: 'Dead' }), 'player.slower')).toEqual({
    code: 'BracketLeft',
    shown: '[',
  });
  expect(keyOf(event('KeyQ', { key: 'Q', shiftKey: true, ctrlKey: true }), 'floor.pin')).toEqual({
    code: 'Ctrl+Shift+KeyQ',
    shown: 'Ctrl ⇧ Q',
  });
  expect(keyOf(event('KeyQ', { key: 'q' }), 'calls.preset')).toBe('digit');
  expect(keyOf(event('Digit3', { key: '#', altKey: true }), 'calls.preset')).toEqual({
    code: 'Alt+Digit1-9',
    shown: 'Alt 1–9',
  });
  expect(keys.digit('work.preset', 3)).toBe('⇧ 3');
  for (const code of ['Escape', 'Tab', 'Shift+Tab', 'Ctrl+KeyC']) expect(isEverybodys(code)).toBe(true);
  for (const code of ['KeyC', 'Ctrl+KeyH', 'F5']) expect(isEverybodys(code)).toBe(false);
});

it('reads what is held with a key, and each digit of a family', () => {
  expect(codeOf(event('Digit2', { altKey: true, shiftKey: true }))).toBe('Alt+Shift+Digit2');
  expect(eachOf('Shift+Digit1-3')).toEqual(['Shift+Digit1', 'Shift+Digit2', 'Shift+Digit3']);
  expect([written('Shift+ArrowLeft'), written('Ctrl+Digit7'), written('NumpadAdd')]).toEqual([
    '⇧ ←',
    'Ctrl 7',
    'Num +',
  ]);
});

it('shows of what is heard only the keys that nothing nearer has taken', () => {
  keys.add({ 'player.zoomIn': () => undefined, 'player.fromStart': () => undefined });
  keys.add({ 'work.better': () => undefined, 'work.answer': () => undefined });
  const heard = keys.heard();
  const shown = (id: string) => heard.find((one) => one.id === id)?.keys.map((key) => key.shown);
  expect([shown('work.better'), shown('player.zoomIn'), shown('player.fromStart')]).toEqual([
    ['+'],
    ['I'],
    undefined,
  ]);
});

it('opens the help by the key chosen for it, also where a letter is what is on it', () => {
  keys.add({ help: () => (keys.help = true) });
  keys.handle(event('Slash', { key: '?', shiftKey: true }));
  expect(keys.help).toBe(true);
  keys.help = false;
  keys.chosen = { help: [{ code: 'F1', shown: 'F1' }] };
  keys.handle(event('Slash', { key: '?', shiftKey: true }));
  expect(keys.help).toBe(false);
  keys.handle(event('F1'));
  expect(keys.help).toBe(true);
});

it('has a place and a text for everything', () => {
  for (const id of ACTION_IDS) expect([id, actionOf(id).keys.length > 0]).toEqual([id, true]);
});
