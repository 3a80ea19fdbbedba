import { expect, it } from 'vitest';
import { campaignTable } from '../campaign-columns';
import { fakeHost, taken } from '../host/fake';
import { campaign, campaignAhead, passing } from '../testing';
import { AheadState } from './ahead.svelte';
import { sortCampaigns } from './floor-rows';

const told = (likely: number, name: string) => campaignAhead({ passing: [passing({ likely })] }, name);

it('hears while somebody looks, and shows nothing of it to who looks at the past', async () => {
  const host = fakeHost({ streams: { ahead_watch: taken } });
  const ahead = new AheadState(host);
  await ahead.look(true);
  await ahead.look(true);
  expect(host.opened('ahead_watch')).toEqual([{ looking: true }]);
  host.emit('ahead_watch', { atMs: 5, campaigns: [told(0.7, 'Ventas<-')] });
  expect([ahead.of('Ventas<-')?.name, ahead.of('Soporte<-')]).toEqual(['Ventas<-', null]);
  await ahead.look(false);
  expect([host.opened('ahead_watch').at(-1), ahead.of('Ventas<-')]).toEqual([{ looking: false }, null]);
  host.emit('ahead_watch', { atMs: 6, campaigns: [told(0.7, 'Ventas<-')] }, 0);
  expect(ahead.told.atMs).toBeNull();
});

it('sorts by what is to be expected, unknown last, and writes it for a spreadsheet', () => {
  const known = new Map([told(0.2, 'A<-'), told(0.8, 'B<-')].map((one) => [one.name, one]));
  const of = (name: string) => known.get(name) ?? null;
  const rows = ['A<-', 'B<-', 'C<-'].map((name) => campaign({ name }));
  const names = (down: boolean) => sortCampaigns(rows, 'ahead', down, 'answered', of).map((row) => row.name);
  expect([names(true), names(false)]).toEqual([
    ['B<-', 'A<-', 'C<-'],
    ['A<-', 'B<-', 'C<-'],
  ]);
  const table = campaignTable(rows, ['ahead'], 'answered', 'en', (key) => key, of);
  expect(table.slice(1).map((row) => row[2])).toEqual([
    '72–85 %',
    expect.stringMatching(/^Probably red/),
    '',
  ]);
});
