import { expect, it } from 'vitest';
import { changeText, settingName, settingValue } from './setting-words';

it('says a setting, a part of one and a key as the window does, and one without words by its name', () => {
  expect(['theme', 'rules', 'keys.floor.rewind', 'keys.gone', 'fromAnother'].map(settingName)).toEqual([
    'Theme',
    'Thresholds and alerts',
    'Floor: Rewind the floor',
    'keys.gone',
    'fromAnother',
  ]);
});

it('says values as they are chosen', () => {
  const said = (name: string, value: unknown) => settingValue(name, value);
  expect([said('language', 'pt-BR'), said('language', null)]).toEqual([
    'Português (Brasil)',
    'As the system',
  ]);
  expect([said('quietHours', { fromMin: 1320, untilMin: 420 }), said('quietHours', null)]).toEqual([
    '22:00–07:00',
    '–',
  ]);
  expect([said('quietHours.fromMin', 65), said('baseMaxBytes', 2_500_000), said('listenCode', '')]).toEqual([
    '01:05',
    '2.5',
    '–',
  ]);
});

it('says what comes, goes and changes in a list', () => {
  const offered = { kind: 'list' as const, name: 'offered', added: ['calls'], removed: [], changed: [] };
  expect(changeText(offered)).toMatch(/^added: [^c]/);
  expect(changeText({ kind: 'whole', name: 'floorView' })).toBe('arranged otherwise');
});
